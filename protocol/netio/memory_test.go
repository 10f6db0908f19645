//go:build !js

package netio_test

import (
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/netio"
	"example.org/smtpauth/protocol/server"
)

// Messages under way have a budget together: who finds no room is told 452, and
// what has come to its end, or was broken off, gives its room back.
func TestMessagesHaveABudget(t *testing.T) {
	h := open(t, limits(netio.Limits{Messages: 100_000}), func(s *netio.Server) { s.Deliver = func(int, *server.Message) error { return nil } })
	text := strings.Repeat(strings.Repeat("x", 98)+"\r\n", 700)
	data := func() *caller {
		c := call(t, h.plain)
		c.hear("220 ")
		c.ask("EHLO a.example", "250 ")
		c.ask("MAIL FROM:<a@example.org>", "250 ")
		c.ask("RCPT TO:<b@example.org>", "250 ")
		c.ask("DATA", "354 ")
		c.say(text)
		return c
	}
	first := data()
	time.Sleep(50 * time.Millisecond) // until it was read
	second := data()
	second.ask(".", "452 4.3.1 ")
	first.ask(".", "250 ")
	second.ask("RSET", "250 ")
	broken := data()
	time.Sleep(50 * time.Millisecond)
	broken.Close()
	for deadline := time.Now().Add(5 * time.Second); ; {
		c := data()
		c.say(".\r\n")
		if line, _ := c.lines.ReadString('\n'); strings.HasPrefix(line, "250 ") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("what was broken off keeps its room")
		}
	}
}
