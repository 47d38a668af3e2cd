package flaky

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
)

func TestSuite(t *testing.T) {
	RunSpecs(t, "flaky")
}

var attempts int

var _ = It("goes", func() {})

var _ = It("is flaky", func() {
	attempts++
	if attempts < 2 {
		Fail("not yet")
	}
})
