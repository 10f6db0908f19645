//go:build !js

package netio

import (
	"net"
	"testing"
	"time"
)

// A line that is begun as an idle session is hurried counts: the deadline that
// woke the read does not stand for the one of the rest.
func TestHurriedBeforeBusy(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	defer theirs.Close()
	var e end
	e.open(ours, false, nil)
	defer e.hush()
	until := time.Now().Add(time.Hour)
	e.await(false, until)
	e.hurry(polite)
	e.await(true, until)
	go theirs.Write([]byte("x"))
	if n, err := e.read(make([]byte, 1)); n != 1 || err != nil {
		t.Errorf("read: %d, %v", n, err)
	}
}
