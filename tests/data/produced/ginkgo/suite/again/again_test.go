package again

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
)

func TestSuite(t *testing.T) {
	RunSpecs(t, "again")
}

var _ = It("goes", func() {})

var _ = It("fails", func() { Fail("again") })
