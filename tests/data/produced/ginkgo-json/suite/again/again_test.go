package again

import (
	"fmt"
	"testing"

	. "github.com/onsi/ginkgo/v2"
)

func TestSuite(t *testing.T) {
	RunSpecs(t, "again", Label("fruit"))
}

type Price struct{ Apple int }

var attempts, runs int

var _ = Describe("Cart", Label("money"), func() {
	It("is flaky", FlakeAttempts(3), func() {
		attempts++
		fmt.Fprintln(GinkgoWriter, "weighing größe", attempts)
		DeferCleanup(func() {
			if attempts == 1 {
				Fail("cannot sweep")
			}
		})
		if attempts < 3 {
			Fail(fmt.Sprintf("not yet %d", attempts))
		}
	})

	It("never passes", FlakeAttempts(2), func() { Fail("again") })

	It("passes twice", MustPassRepeatedly(2), func() {})

	It("passes once", MustPassRepeatedly(3), func() {
		runs++
		if runs == 2 {
			Fail("the second time")
		}
	})

	It("has entries", Label("größe", "money"), SemVerConstraint(">= 1.0.0"), func() {
		AddReportEntry("price", Price{5})
		AddReportEntry("attachment", "reports/cart.txt")
		AddReportEntry("note")
	})

	It("fails twice", func() {
		DeferCleanup(func() { panic("cannot sweep") })
		Fail("no shelf")
	})
})
