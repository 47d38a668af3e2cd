using System;
using NUnit.Framework;

namespace Shop
{
    [TestFixture]
    public class CartTests
    {
        static int runs;

        [Test]
        public void Adds()
        {
            Console.WriteLine("größe 38");
            TestContext.AddTestAttachment("out/cart.txt", "the cart");
        }

        [TestCase(1)]
        [TestCase(2)]
        public void Price(int count)
        {
            Assert.That(count * 5, Is.EqualTo(5), "too dear: 7 €");
        }

        [Test]
        public void Database()
        {
            throw new InvalidOperationException("no database");
        }

        [Test, Retry(3)]
        public void Flaky()
        {
            runs++;
            Assert.That(runs, Is.GreaterThan(1));
        }

        [Test, Ignore("not on CI")]
        public void NotOnCI() {}

        [Test]
        public void Guess()
        {
            Assert.Inconclusive("no idea");
        }

        [Test]
        public void Warns()
        {
            Assert.Warn("close to it");
        }
    }

    [TestFixture]
    public class StoreTests
    {
        [OneTimeSetUp]
        public void Open()
        {
            throw new InvalidOperationException("no store");
        }

        [Test]
        public void Sells() {}
    }
}
