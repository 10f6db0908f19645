//go:build !js

package netio_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"
)

// Shutdown tells idle sessions at once, lets a transaction come to its end,
// and returns when nobody is left.
func TestShutdown(t *testing.T) {
	h := open(t)
	idle, busy := call(t, h.plain), call(t, h.plain)
	idle.hear("220 ")
	busy.hear("220 ")
	busy.ask("EHLO a.example", "250 ")
	busy.ask("MAIL FROM:<a@example.org>", "250 ")
	done := make(chan error, 1)
	go func() { done <- h.Shutdown(t.Context()) }()
	idle.hear("421 4.3.2 mail.example.org Service going down")
	idle.end()
	if _, err := net.Dial("tcp", h.plain); err == nil {
		t.Error("the listener is open")
	}
	busy.ask("RCPT TO:<b@example.org>", "250 ")
	busy.ask("DATA", "354 ")
	select {
	case err := <-done:
		t.Fatalf("Shutdown returned %v before the message was whole", err)
	case <-time.After(50 * time.Millisecond):
	}
	busy.ask("Subject: x\r\n\r\n.", "250 ")
	busy.hear("421 4.3.2 ")
	busy.end()
	if err := <-done; err != nil {
		t.Errorf("Shutdown = %v", err)
	}
	if n := len(h.messages()); n != 1 {
		t.Errorf("%d messages accepted", n)
	}
}

// When patience is over, whoever is in the middle of something hears it too,
// and who does not finish a handshake is cut.
func TestShutdownInTime(t *testing.T) {
	h := open(t)
	busy, mute := call(t, h.plain), call(t, h.implicit)
	busy.hear("220 ")
	busy.ask("EHLO a.example", "250 ")
	busy.ask("AUTH LOGIN", "334 ")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	if err := h.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Shutdown = %v", err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
	busy.hear("421 4.3.2 ")
	busy.end()
	mute.end()
}
