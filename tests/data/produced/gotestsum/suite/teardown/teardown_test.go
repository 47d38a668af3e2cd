package teardown

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	m.Run()
	fmt.Println("the database is still in use")
	os.Exit(1)
}

func TestCheckout(t *testing.T) {}
