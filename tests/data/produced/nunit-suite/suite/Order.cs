using System;
using NUnit.Framework;

namespace Shop
{
    [TestFixture]
    public class OrderTests
    {
        [OneTimeTearDown]
        public void Leave()
        {
            throw new InvalidOperationException("the order stays");
        }

        [Test]
        public void Finds() {}
    }
}
