package exits

import (
	"os"
	"testing"
)

func TestGoes(t *testing.T) {}

func TestExits(t *testing.T) {
	os.Exit(3)
}
