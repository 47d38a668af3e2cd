using NUnit.Framework;

[TestFixture]
public class GoodTests
{
    [Test]
    public void Works() {}
}
