package hooks

import (
	"fmt"
	"testing"

	. "github.com/onsi/ginkgo/v2"
)

func TestSuite(t *testing.T) {
	RunSpecs(t, "hooks")
}

var _ = SynchronizedBeforeSuite(func() []byte { return nil }, func([]byte) {})

var _ = ReportAfterSuite("telling", func(Report) { Fail("nobody listens") })

var _ = It("prints", func() { fmt.Println("printing größe") })

var _ = It("goes", func() {})
