//go:build !js

package netio_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/netio"
	"example.org/smtpauth/protocol/server"
)

// half is a connection that breaks once so many octets were written.
type half struct {
	net.Conn
	left int
}

func (h *half) Write(p []byte) (int, error) {
	if len(p) < h.left {
		h.left -= len(p)
		return h.Conn.Write(p)
	}
	n, _ := h.Conn.Write(p[:h.left])
	h.left = 0
	h.Conn.Close()
	return n, net.ErrClosed
}

// load has so many clients authenticate and send a message each, all connected
// at once, every other one cut off at an octet of its own. It returns which
// messages were said to be accepted, which may have been (their client was gone
// before it could be told), and how long it took.
func load(t testing.TB, addr string, clients int) (told, perhaps map[string]bool, took time.Duration) {
	t.Helper()
	told, perhaps = map[string]bool{}, map[string]bool{}
	var mu sync.Mutex
	var connected, done sync.WaitGroup
	connected.Add(clients)
	all := make(chan struct{})
	failures := make(chan error, clients)
	for i := range clients {
		done.Go(func() {
			conn, err := net.DialTimeout("tcp", addr, time.Minute)
			connected.Done()
			if err != nil {
				failures <- err
				return
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(2 * time.Minute))
			<-all
			id, whole := fmt.Sprintf("id-%d@load", i), i%2 == 0
			var w io.Writer = conn
			if !whole {
				w = &half{conn, rand.IntN(380)}
			}
			err = deliver(conn, w, id)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				told[id] = true
			case whole:
				failures <- fmt.Errorf("%s: %w", id, err)
			default:
				perhaps[id] = true
			}
		})
	}
	connected.Wait()
	start := time.Now()
	close(all)
	done.Wait()
	close(failures)
	for err := range failures {
		t.Error(err)
	}
	return told, perhaps, time.Since(start)
}

// deliver authenticates and sends a message with this id, about 400 octets.
func deliver(r io.Reader, w io.Writer, id string) error {
	lines := bufio.NewReader(r)
	for _, turn := range [][2]string{{"", "220"}, {"EHLO client.example.net\r\n", "250"}, {"AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n", "235"},
		{"MAIL FROM:<tim@example.org>\r\n", "250"}, {"RCPT TO:<ursel@example.com>\r\n", "250"}, {"DATA\r\n", "354"},
		{"Message-ID: <" + id + ">\r\n\r\n" + strings.Repeat("no free lunch\r\n", 12) + ".\r\n", "250"}, {"QUIT\r\n", "221"}} {
		if _, err := io.WriteString(w, turn[0]); turn[0] != "" && err != nil {
			return err
		}
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return err
			}
			if !strings.HasPrefix(line, turn[1]) {
				return fmt.Errorf("%q is answered with %q", turn[0], line)
			}
			if line[3] == ' ' {
				break
			}
		}
	}
	return nil
}

// under puts a server under load, and looks at what is left of it.
func under(t *testing.T, clients int) {
	var mu sync.Mutex
	accepted := map[string]int{}
	h := open(t, func(s *netio.Server) {
		s.Limits.Connections = clients + 10
		s.Watch = func(int, server.Role) func(netio.Note) {
			return func(n netio.Note) {
				for _, e := range n.Server {
					if e.Kind == machine.Accepted {
						_, id, _ := strings.Cut(string(e.Message.Text), "Message-ID: <")
						id, _, _ = strings.Cut(id, ">")
						mu.Lock()
						accepted[id]++
						mu.Unlock()
					}
				}
			}
		}
	})
	idle := runtime.NumGoroutine()
	load(t, h.plain, 10) // what is made once is there
	noneLeft(t, idle)
	mu.Lock()
	clear(accepted)
	mu.Unlock()
	before, goroutines := memory(), runtime.NumGoroutine()
	told, perhaps, took := load(t, h.plain, clients)
	noneLeft(t, goroutines)
	mu.Lock()
	defer mu.Unlock()
	for id := range told {
		if accepted[id] != 1 {
			t.Errorf("%s was told to be accepted, and was %d times", id, accepted[id])
		}
	}
	for id, times := range accepted {
		if times != 1 || !told[id] && !perhaps[id] {
			t.Errorf("%s was accepted %d times; told %t", id, times, told[id])
		}
	}
	if len(told) < clients/2 || len(perhaps) < clients/4 {
		t.Errorf("%d accepted, %d cut off, of %d", len(told), len(perhaps), clients)
	}
	after := memory()
	if after > before+(4<<20) {
		t.Errorf("%d octets are in use after it, %d before", after, before)
	}
	t.Logf("%d connections at once, half cut off: %s; %d accepted; memory %d to %d octets", clients, took.Round(time.Millisecond), len(accepted), before, after)
}

// memory is what is in use once all that is not was thrown away.
func memory() uint64 {
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Two hundred at once, half of them cut off at a random octet: nothing accepted
// is lost or doubled, memory returns, no goroutine is left. With LOAD=1, as make
// bench has it, there are a thousand.
func TestLoad(t *testing.T) {
	clients := 200
	if os.Getenv("LOAD") != "" {
		clients = 1000
	}
	under(t, clients)
}
