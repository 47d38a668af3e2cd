package shop

import org.scalatest.BeforeAndAfterAll
import org.scalatest.DoNotDiscover
import org.scalatest.flatspec.AnyFlatSpec
import org.scalatest.funsuite.AnyFunSuite

class CartSpec extends AnyFunSuite {
  test("adds") {}
  test("total") { assert(3 + 4 == 8) }
  test("database") { throw new IllegalStateException("no database") }
  ignore("prints") {}
  test("assumes") { assume(false, "no printer") }
  test("pays") { pending }
  test("cancels") { cancel("no network") }
}

class PriceSpec extends AnyFlatSpec {
  "An apple" should "cost 5" in {}
  "A pear" should "cost 5" in { assert(11 == 5) }
}

@DoNotDiscover
class SetUpSpec extends AnyFunSuite with BeforeAndAfterAll {
  override def beforeAll(): Unit = throw new IllegalStateException("no database")
  test("never runs") {}
}

@DoNotDiscover
class TearDownSpec extends AnyFunSuite with BeforeAndAfterAll {
  override def afterAll(): Unit = throw new IllegalStateException("cannot close")
  test("goes") {}
}

@DoNotDiscover
class LoadSpec extends AnyFunSuite {
  throw new IllegalStateException("does not load")
}

@DoNotDiscover
class ExitsSpec extends AnyFunSuite {
  test("exits") { sys.exit(3) }
}

@DoNotDiscover
class NoneSpec extends AnyFunSuite
