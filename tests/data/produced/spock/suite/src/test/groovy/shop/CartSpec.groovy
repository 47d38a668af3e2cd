package shop

import spock.lang.Ignore
import spock.lang.Requires
import spock.lang.Retry
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.Timeout
import java.util.concurrent.TimeUnit

class CartSpec extends Specification {
    @Shared int attempts

    def "adds"() {
        expect:
        1 + 1 == 2
    }

    def "total"() {
        expect:
        3 + 4 == 8
    }

    def "database"() {
        when:
        throw new IllegalStateException("no database")

        then:
        true
    }

    @Ignore("not on CI")
    def "ignored"() {
        expect:
        true
    }

    @Requires({ false })
    def "prints"() {
        expect:
        true
    }

    @Timeout(value = 50, unit = TimeUnit.MILLISECONDS)
    def "hangs"() {
        expect:
        Thread.sleep(5000) == null
    }

    @Retry(count = 1)
    def "flaky"() {
        expect:
        ++attempts == 2
    }

    @Retry(count = 1)
    def "fails again"() {
        expect:
        false
    }

    def "price of #name"() {
        expect:
        price == 5

        where:
        name    | price
        "apple" | 5
        "pear"  | 11
    }

    def "broken rows #row"() {
        expect:
        true

        where:
        row << { throw new IllegalStateException("no rows") }()
    }
}

class SetUpSpec extends Specification {
    def setupSpec() {
        throw new IllegalStateException("no database")
    }

    def "never runs"() {
        expect:
        true
    }
}

class TearDownSpec extends Specification {
    def cleanupSpec() {
        throw new IllegalStateException("cannot close")
    }

    def "goes"() {
        expect:
        true
    }
}
