package panics

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
)

func TestSuite(t *testing.T) {
	RunSpecs(t, "panics")
}

var _ = Describe("Cart", func() {
	panic("no cart")
})
