package teardown

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	m.Run()
	fmt.Println("cannot close")
	os.Exit(4)
}

func TestGoes(t *testing.T) {}
