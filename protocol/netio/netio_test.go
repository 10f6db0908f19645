//go:build !js

package netio_test

import (
	"context"
	"crypto/tls"
	"net"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/netio"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/tlslink"
)

const host = "mail.example.org"

// policy offers everything, in clear text too.
// byPassword are the mechanisms that need nothing but a password.
func byPassword() []sasl.Mechanism {
	return slices.DeleteFunc(slices.Clone(sasl.Mechanisms()), func(m sasl.Mechanism) bool {
		return m.Facts.Crosses == sasl.CrossesToken || m.Facts.Crosses == sasl.CrossesNothing
	})
}

func policy() server.Policy {
	var mechanisms []string
	for _, m := range byPassword() {
		mechanisms = append(mechanisms, m.Name)
	}
	return server.Policy{
		Host: host, Extensions: []string{"PIPELINING", "8BITMIME", "STARTTLS", "ENHANCEDSTATUSCODES"}, MaxSize: 1 << 20,
		BeforeTLS: mechanisms, AfterTLS: mechanisms, WithoutTLS: server.NotOffered, LocalDomains: []string{"example.org"},
		Accounts: []sasl.Account{{Name: "tim", Password: sasl.Secret{Text: "tanstaaftanstaaf"}, Stored: sasl.Clear}},
		Login:    sasl.Prompts{Username: "Username:", Password: "Password:"},
	}
}

var identity = sync.OnceValue(func() tlslink.Identity {
	id, err := tlslink.MakeIdentity([]byte("netio"), host, time.Now(), tlslink.CertsWanted{})
	if err != nil {
		panic(err)
	}
	return id
})

// A house is a server with both kinds of listener, and what its sessions did.
type house struct {
	*netio.Server
	plain, implicit string // addresses

	mu       sync.Mutex
	accepted []server.Message
	notes    map[int][]netio.Note
}

// open starts a server; it is shut down, and no goroutine is left, when the
// test is over.
func open(t *testing.T, change ...func(*netio.Server)) *house {
	t.Helper()
	before := runtime.NumGoroutine()
	s, err := netio.NewServer(policy(), sasl.Env{})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Server: s, notes: map[int][]netio.Note{}}
	s.TLS = &tls.Config{Certificates: []tls.Certificate{identity().Certificate}, SessionTicketsDisabled: true}
	s.Watch = func(session int, _ server.Role) func(netio.Note) {
		return func(n netio.Note) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.notes[session] = append(h.notes[session], n)
			for _, e := range n.Server {
				if e.Kind == machine.Accepted {
					h.accepted = append(h.accepted, *e.Message)
				}
			}
		}
	}
	for _, c := range change {
		c(s)
	}
	served := make(chan error, 2)
	for role, addr := range map[server.Role]*string{server.Submission: &h.plain, server.Submissions: &h.implicit} {
		l, err := netio.Listen(":0")
		if err != nil {
			t.Fatal(err)
		}
		*addr = l.Addr().String()
		go func() { served <- s.Serve(narrow{l}, role) }()
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		s.Shutdown(ctx)
		for range 2 {
			if err := <-served; err != netio.ErrClosed {
				t.Errorf("Serve = %v", err)
			}
		}
		noneLeft(t, before)
	})
	return h
}

// A narrow listener's connections hold little that nobody has read.
type narrow struct{ net.Listener }

func (n narrow) Accept() (net.Conn, error) {
	conn, err := n.Listener.Accept()
	if err == nil {
		conn.(*net.TCPConn).SetWriteBuffer(1 << 12)
	}
	return conn, err
}

func noneLeft(t *testing.T, before int) {
	t.Helper()
	for i := 0; runtime.NumGoroutine() > before && i < 2000; i++ {
		time.Sleep(5 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before {
		stacks := make([]byte, 1<<16)
		t.Errorf("%d goroutines, %d before:\n%s", n, before, stacks[:runtime.Stack(stacks, true)])
	}
}

// messages are those accepted so far.
func (h *house) messages() []server.Message {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]server.Message(nil), h.accepted...)
}

// idle waits until every session that began has ended.
func (h *house) idle(t *testing.T) {
	t.Helper()
	for range 400 {
		if len(h.running()) == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("sessions %v stay", h.running())
}

// running are the sessions that have not ended.
func (h *house) running() (sessions []int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, notes := range h.notes {
		ended := false
		for _, n := range notes {
			for _, e := range n.Server {
				ended = ended || e.Kind == machine.Ended
			}
		}
		if !ended {
			sessions = append(sessions, id)
		}
	}
	return sessions
}
