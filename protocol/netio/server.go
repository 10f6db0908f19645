package netio

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"maps"
	"net"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/trace"
)

// A Server lets server machines serve what connects. Its fields are set before
// the first Serve.
type Server struct {
	// TLS has the certificate, for STARTTLS and implicit TLS.
	TLS    *tls.Config
	Limits Limits
	// Watch is asked, for each session, who watches it: nil for nobody. Sessions
	// count from 1. Each watcher is called from one goroutine.
	Watch func(session int, role server.Role) func(Note)
	// Deliver is handed each message before its client hears that it was accepted;
	// where it fails, the message is refused with 451. It is called from many
	// goroutines at once. Nil: messages go nowhere.
	Deliver func(session int, m *server.Message) error
	// Record lets the machines note what they compute.
	Record bool

	policy server.Policy
	env    sasl.Env
	store  *sasl.Store

	mu        sync.Mutex
	sessions  int // so far
	guests    map[*guest]bool
	listeners []net.Listener
	closing   chan struct{} // closed by Shutdown
	wait      sync.WaitGroup
	held      atomic.Int64 // octets of messages under way
	hands
	addresses
}

// ErrClosed is returned by Serve after Shutdown.
var ErrClosed = errors.New("netio: the server was shut down")

// NewServer makes a server with this policy, whose role is each listener's own.
// Of env it takes Rand and Now, for all sessions at once; nil: crypto/rand and
// time.Now; and of Work what making the accounts' verifiers takes. It fails on an
// account that cannot be stored, with a *sasl.AccountError.
func NewServer(p server.Policy, env sasl.Env) (*Server, error) {
	env = ours(env)
	store, err := sasl.NewStore(&env, p.Accounts)
	if err == nil {
		err = store.Derive(&env)
	}
	if err != nil {
		return nil, err
	}
	return &Server{policy: p, env: env, store: store, guests: map[*guest]bool{}, closing: make(chan struct{})}, nil
}

// ours is env with the system's clock and randomness where it has none.
func ours(env sasl.Env) sasl.Env {
	if env.Rand == nil {
		env.Rand = rand.Reader
	}
	if env.Now == nil {
		env.Now = time.Now
	}
	return env
}

// Serve serves what connects until Shutdown, and returns ErrClosed then. With
// the role Submissions TLS comes before all else.
func (s *Server) Serve(l net.Listener, role server.Role) error {
	defer l.Close()
	if !s.open(l) {
		return ErrClosed
	}
	for pause := time.Duration(0); ; {
		conn, err := l.Accept()
		switch {
		case err == nil:
			pause = 0
			s.admit(conn, role)
		case s.closed():
			return ErrClosed
		case errors.Is(err, net.ErrClosed):
			return err
		default: // out of descriptors, say: later it may work
			pause = min(2*pause+5*time.Millisecond, time.Second)
			select {
			case <-time.After(pause):
			case <-s.closing:
			}
		}
	}
}

func (s *Server) open(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed() {
		return false
	}
	s.listeners = append(s.listeners, l)
	return true
}

func (s *Server) closed() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}

// admit begins a session, or turns the peer away where there are too many.
func (s *Server) admit(conn net.Conn, role server.Role) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.free) == 0 && len(s.guests) > 0 {
		s.mu.Unlock()
		runtime.Gosched() // a guest that has said its last word may be about to be free
		s.mu.Lock()
	}
	if s.closed() {
		conn.Close()
		return
	}
	s.sessions++
	g := s.take()
	if g == nil {
		g = &guest{owner: s, begin: make(chan struct{}, 1)}
		go s.host(g)
	}
	s.seat(g, conn, role)
	s.guests[g] = true
	g.from = addressOf(conn)
	g.crowded = s.enter(g.from, g.limits.at(g.from)) || len(s.guests) > g.limits.Connections
	s.wait.Add(1)
	g.begin <- struct{}{}
}

// host serves one session after the other.
func (s *Server) host(g *guest) {
	defer g.hush()
	for range g.begin {
		if g.crowded {
			g.turnAway()
		} else {
			g.serve()
		}
		from := g.from
		s.clear(g)
		s.mu.Lock()
		delete(s.guests, g)
		s.leave(from)
		s.lay(g)
		s.mu.Unlock()
		s.wait.Done()
	}
}

// seat makes g ready for a session.
func (s *Server) seat(g *guest, conn net.Conn, role server.Role) {
	var watch func(Note)
	if s.Watch != nil {
		watch = s.Watch(s.sessions, role)
	}
	port := s.policy.Port
	if local, ok := conn.LocalAddr().(*net.TCPAddr); ok {
		port = local.Port
	}
	if g.machine == nil || g.role != role || g.port != port || watch != nil {
		p := s.policy
		p.Role, p.Port = role, port
		env := sasl.Env{Rand: s.env.Rand, Now: s.env.Now}
		if s.Record {
			env.Trace = trace.NewRecorder(trace.Server)
		}
		g.machine = server.NewWithStore(p, s.store, env)
		g.role, g.port = role, port
		if watch == nil {
			g.machine.Reuse()
		}
	}
	if session := s.sessions; s.Deliver != nil {
		g.machine.Deliver(func(m *server.Message) error { return s.Deliver(session, m) })
	}
	g.machine.Budget(s.roomFor)
	g.open(conn, false, watch)
	g.stay = stay{tls: s.TLS, implicit: role == server.Submissions, limits: s.Limits.orDefaults(), watched: watch != nil}
}

// roomFor reports whether there is room for n octets more of messages; negative, it
// gives room back.
func (s *Server) roomFor(n int) bool {
	if s.held.Add(int64(n)) <= s.Limits.orDefaults().Messages || n < 0 {
		return true
	}
	s.held.Add(int64(-n))
	return false
}

// clear wipes what a session left. Who watched may have kept its events.
func (s *Server) clear(g *guest) {
	clear(g.space[:])
	if g.watched {
		g.machine = nil
	} else {
		g.machine.Again()
	}
	g.stay = stay{}
}

// Shutdown closes the listeners and lets each session come to a place where it
// can be ended: idle ones hear 421 at once, the others when their transaction,
// exchange or handshake is over. When ctx is done they hear it whatever they
// do. It returns when no session is left: nil, or the error of ctx.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	if !s.closed() {
		close(s.closing)
		s.dismiss(len(s.free))
	}
	for _, l := range s.listeners {
		l.Close()
	}
	s.mu.Unlock()
	s.hurry(polite)
	over := make(chan struct{})
	go func() {
		s.wait.Wait()
		close(over)
	}()
	select {
	case <-over:
		return nil
	case <-ctx.Done():
	}
	s.hurry(forced)
	select {
	case <-over:
	case <-time.After(2 * hurryTime):
		s.hurry(cut)
		<-over
	}
	return ctx.Err()
}

func (s *Server) hurry(h haste) {
	s.mu.Lock()
	guests := slices.Collect(maps.Keys(s.guests))
	s.mu.Unlock()
	for _, g := range guests {
		g.hurry(h)
	}
}
