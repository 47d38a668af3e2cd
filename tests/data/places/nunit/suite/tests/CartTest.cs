using NUnit.Framework;

namespace Shop.Tests
{
    [TestFixture]
    public class CartTest
    {
        [Test]
        public void Total()
        {
            Assert.AreEqual(11, Cart.Total(2));
        }

        [Test]
        public void Many()
        {
            Cart.Total(11);
        }

        [Test]
        public void Helped()
        {
            Prices.AreFive(Cart.Total(2));
        }
    }
}
