package interrupted

import (
	"os"
	"syscall"
	"testing"

	. "github.com/onsi/ginkgo/v2"
)

func TestSuite(t *testing.T) {
	RunSpecs(t, "interrupted")
}

var _ = Describe("Cart", Ordered, func() {
	It("goes", func() {})

	It("waits", func(ctx SpecContext) {
		syscall.Kill(os.Getpid(), syscall.SIGINT)
		<-ctx.Done()
	})

	It("never runs", func() {})
})
