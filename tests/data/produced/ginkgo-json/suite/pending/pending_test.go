package pending

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
)

func TestSuite(t *testing.T) {
	RunSpecs(t, "pending")
}

var _ = It("goes", func() {})

var _ = PIt("is not written yet", func() {})
