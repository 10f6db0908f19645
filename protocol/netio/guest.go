package netio

import (
	"bytes"
	"crypto/tls"
	"net/netip"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/server"
)

// readSize is how much is read at once, in octets.
const readSize = 4096

// A guest is one session of a Server, and then perhaps another.
type guest struct {
	end
	owner   *Server
	begin   chan struct{}  // a session begins; closed: none will
	machine *server.Server // nil: there is none that can be used again
	role    server.Role    // the machine's
	port    int
	space   [readSize]byte // what is read; the machine copies what it keeps
	stay
}

// A stay is what a guest has of one session.
type stay struct {
	tls      *tls.Config
	implicit bool
	from     netip.Addr
	crowded  bool // it is turned away
	cr       bool // the last octet read was CR
	watched  bool
	limits   Limits

	octets int64     // that it sent so far
	due    time.Time // when the next whole line must have come
	over   time.Time // when the session must be over
}

// serve talks until the session is over, and closes the connection.
func (g *guest) serve() {
	defer g.linger()
	g.over = time.Now().Add(g.limits.Session)
	g.wait()
	if g.implicit {
		g.shake(machine.Connected)
	} else {
		g.step(machine.Input{Kind: machine.Connected})
	}
	for g.machine.State().Phase != server.Closed {
		g.await(g.amidst(), g.deadline())
		n, err := g.read(g.space[:])
		if n > 0 {
			g.took(g.space[:n])
		}
		switch {
		case err == nil:
		case late(err):
			g.late()
		default:
			g.step(machine.Input{Kind: machine.PeerClosed})
		}
	}
}

// turnAway says 421 in place of the greeting, where it can be said.
func (g *guest) turnAway() {
	defer g.close()
	g.limits.Line = hurryTime
	g.stop(server.Crowded)
}

// wait begins to wait for the next line.
func (g *guest) wait() { g.due = time.Now().Add(g.limits.Line) }

// deadline is when the next read must be over.
func (g *guest) deadline() time.Time {
	if g.over.Before(g.due) {
		return g.over
	}
	return g.due
}

// amidst reports whether the client is in the middle of something.
func (g *guest) amidst() bool {
	phase := g.machine.State().Phase
	return phase != server.Greeted && phase != server.Ready
}

// took hands the machine what was read, unless it is too much.
func (g *guest) took(octets []byte) {
	if g.octets += int64(len(octets)); g.octets > g.limits.Octets {
		g.stop(server.Flooding)
		return
	}
	whole := bytes.Contains(octets, []byte("\r\n")) || g.cr && octets[0] == '\n'
	g.cr = octets[len(octets)-1] == '\r'
	g.step(machine.Input{Kind: machine.Octets, Octets: octets})
	if whole { // a bare LF ends no line, and gives no more time
		g.wait()
	}
}

// late ends the session for the deadline that passed, if one did.
func (g *guest) late() {
	now := time.Now()
	switch {
	case g.hasty():
		g.stop(server.GoingDown)
	case !now.Before(g.over):
		g.stop(server.Overtime)
	case !now.Before(g.due):
		g.stop(server.Silent)
	}
}

func (g *guest) stop(why server.Why) { g.did(nil, g.machine.Stop(why)) }

func (g *guest) step(in machine.Input) { g.did(in.Octets, g.machine.Step(in)) }

// did carries out what the machine did: replies that were said go out in one
// piece, and TLS begins where it is waited for.
func (g *guest) did(octets []byte, events []server.Event) {
	if len(events) == 0 && octets == nil {
		return
	}
	var said []byte
	ended := false
	for i := range events {
		switch e := &events[i]; e.Kind {
		case machine.Checked:
			if !e.Holds {
				g.slow()
			}
		case machine.Said:
			if said == nil { // most often there is one alone
				said = e.Octets[:len(e.Octets):len(e.Octets)]
				continue
			}
			said = append(said, e.Octets...)
		case machine.Ended:
			ended = true
		}
	}
	err := g.write(said, time.Now().Add(g.limits.Line))
	if ended && err == nil {
		g.bye()
	}
	if g.watch != nil {
		g.note(Note{Kind: Stepped, Octets: bytes.Clone(octets), Server: events})
	}
	switch {
	case ended:
	case err != nil: // nobody hears it: no last word is waited for
		g.socket.Close()
		g.step(machine.Input{Kind: machine.PeerClosed})
	case g.machine.State().Phase == server.Handshake:
		g.shake(machine.Secured)
	}
}

// slow lets an address wait that was refused before.
func (g *guest) slow() {
	if g.limits.Delay <= 0 {
		return
	}
	g.owner.mu.Lock()
	before := g.owner.refuse(g.from, time.Now())
	g.owner.mu.Unlock()
	if before == 0 {
		return
	}
	select {
	case <-time.After(time.Duration(min(before, mostDelays)) * g.limits.Delay):
	case <-g.owner.closing:
	}
}

// shake lets TLS begin and tells the machine how that went. Octets that came
// in clear text behind STARTTLS were dropped by the machine (TLS-05); those
// that come only now are no TLS, which ends the session.
func (g *guest) shake(up machine.InputKind) {
	g.wait()
	g.await(true, g.deadline())
	if facts, _, _ := g.secure(g.tls); facts == nil {
		up = machine.TLSFault
	}
	g.wait()
	g.step(machine.Input{Kind: up, Channel: g.channel})
}
