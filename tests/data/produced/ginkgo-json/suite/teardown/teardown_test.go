package teardown

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
)

func TestSuite(t *testing.T) {
	RunSpecs(t, "teardown")
}

var _ = AfterSuite(func() { Fail("cannot close") })

var _ = It("goes", func() {})
