package netio

import (
	"slices"
	"time"
)

// rest is how long a guest without a session is kept, and at most as long again.
const rest = time.Second

// hands are guests that have served and may serve again, the last one first:
// the stack of their goroutine has the size that a session needs, and what a
// session takes is there. The Server's mu is held.
type hands struct {
	free   []*guest
	spared int         // how many there were at least since the last look
	look   *time.Timer // the next one; nil: there is none to look for
}

// take is a guest that is free, or nil.
func (h *hands) take() *guest {
	n := len(h.free) - 1
	if n < 0 {
		return nil
	}
	g := h.free[n]
	h.free[n] = nil
	h.free = h.free[:n]
	h.spared = min(h.spared, n)
	return g
}

// dismiss lets the first n go, which have been free for longest.
func (h *hands) dismiss(n int) {
	for _, g := range h.free[:n] {
		close(g.begin)
	}
	h.free = slices.Delete(h.free, 0, n)
	h.spared = len(h.free)
}

// lay puts a guest by, unless nobody will come any more.
func (s *Server) lay(g *guest) {
	s.free = append(s.free, g)
	if s.closed() {
		s.dismiss(len(s.free))
	} else if s.look == nil {
		s.look = time.AfterFunc(rest, s.lookAround)
	}
}

// lookAround lets those go that were not needed.
func (s *Server) lookAround() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dismiss(s.spared)
	s.look = nil
	if len(s.free) > 0 {
		s.look = time.AfterFunc(rest, s.lookAround)
	}
}
