package exits

import (
	"os"
	"testing"

	. "github.com/onsi/ginkgo/v2"
)

func TestSuite(t *testing.T) {
	RunSpecs(t, "exits")
}

var _ = It("goes", func() {})

var _ = It("exits", func() { os.Exit(3) })
