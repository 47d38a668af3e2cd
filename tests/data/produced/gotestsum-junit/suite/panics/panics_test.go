package panics

import "testing"

func TestGoes(t *testing.T) {}

func TestPanics(t *testing.T) {
	panic("no database")
}

func TestNeverRun(t *testing.T) {}
