package shop

import io.kotest.core.spec.style.BehaviorSpec
import io.kotest.core.spec.style.DescribeSpec
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.delay

class CartTest : FunSpec({
    test("adds") {}
    test("total") { 7 shouldBe 8 }
    test("database") { throw IllegalStateException("no database") }
    xtest("prints") {}
    test("hangs").config(timeout = 50.milliseconds) { delay(5000) }
    context("price") {
        test("of an apple") {}
        test("of a pear") { 11 shouldBe 5 }
    }
})

class SetUpTest : StringSpec({
    beforeSpec { throw IllegalStateException("no database") }
    "never runs" {}
})

class TearDownTest : StringSpec({
    afterSpec { throw IllegalStateException("cannot close") }
    "goes" {}
})

class ContextTest : DescribeSpec({
    describe("a broken context") {
        it("goes") {}
        throw IllegalStateException("no context")
    }
})

class LoadTest : BehaviorSpec({
    throw IllegalStateException("does not load")
})
