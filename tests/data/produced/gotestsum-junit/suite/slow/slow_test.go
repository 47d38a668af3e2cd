package slow

import (
	"testing"
	"time"
)

func TestGoes(t *testing.T) {}

func TestHangs(t *testing.T) {
	time.Sleep(time.Minute)
}
