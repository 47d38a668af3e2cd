package focus

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
)

func TestSuite(t *testing.T) {
	RunSpecs(t, "focus")
}

var _ = FIt("goes", func() {})

var _ = It("is left out", func() {})
