package broken

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
)

func TestSuite(t *testing.T) {
	RunSpecs(t, "broken")
}

var _ = It("is never built", func() { undefined() })
