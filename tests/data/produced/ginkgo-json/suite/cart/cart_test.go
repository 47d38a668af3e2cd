package cart

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
)

func TestSuite(t *testing.T) {
	RunSpecs(t, "cart")
}

var _ = Describe("Cart", func() {
	It("adds", func() {})

	It("totals", Label("money"), func() { Fail("8 €, not 7 €") })

	It("prints", func() { Skip("no printer") })

	PIt("is not written yet", func() {})

	It("panics", func() { panic("no database") })

	DescribeTable("price",
		func(price int) {
			if price != 5 {
				Fail("not 5")
			}
		},
		Entry("apple", 5),
		Entry("pear", 11),
	)

	Describe("with a broken set-up", func() {
		BeforeEach(func() { Fail("no shelf") })
		It("never runs", func() {})
	})

	Describe("with a broken clean-up", func() {
		AfterEach(func() { Fail("cannot sweep") })
		It("goes", func() {})
	})

	Describe("in order", Ordered, func() {
		BeforeAll(func() { Fail("no database") })
		It("comes first", func() {})
		It("comes second", func() {})
	})
})
