package slow

import (
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
)

func TestSuite(t *testing.T) {
	RunSpecs(t, "slow")
}

var _ = It("goes", func() {})

var _ = It("hangs", NodeTimeout(100*time.Millisecond), func(ctx SpecContext) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Minute):
	}
})

var _ = It("never runs", func() {})
