package aborts

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
)

func TestSuite(t *testing.T) {
	RunSpecs(t, "aborts")
}

var _ = Describe("Cart", Ordered, func() {
	It("goes", func() {})

	It("gives up", func() { AbortSuite("no power") })

	It("never runs", func() {})
})
