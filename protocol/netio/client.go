package netio

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
)

// A Client carries out one plan over one connection.
type Client struct {
	Plan client.Plan
	// TLS has the roots that are trusted; its ServerName is the plan's Host.
	TLS *tls.Config
	// Patience is how long a whole reply, from the command on, or a TLS handshake is
	// waited for, however it dribbles in; 0: 5 min, RFC 5321 §4.5.3.2.
	Patience time.Duration
	// Session is how long all of it may last; 0: 1 h.
	Session time.Duration
	Watch   func(Note)
	// Env is the machine's; without Rand and Now: crypto/rand and time.Now.
	Env sasl.Env
}

// Run talks over conn until the session is over or ctx is done, and closes it.
// The fault says why it did not go as planned; nil: it did.
func (c *Client) Run(ctx context.Context, conn net.Conn) (client.State, *client.Fault) {
	v := &visit{machine: client.New(c.Plan, ours(c.Env)), patience: c.Patience}
	if v.patience <= 0 {
		v.patience = Defaults.Line
	}
	if v.over = time.Now().Add(c.Session); c.Session <= 0 {
		v.over = time.Now().Add(Defaults.Session)
	}
	v.open(conn, true, c.Watch)
	if c.TLS != nil {
		v.tls = c.TLS.Clone()
	} else {
		v.tls = &tls.Config{}
	}
	v.tls.ServerName = c.Plan.Host
	defer context.AfterFunc(ctx, func() { v.hurry(forced) })()
	v.talk(c.Plan.TLS == client.Implicit)
	return v.machine.State(), v.machine.Fault()
}

// A visit is one session of a Client.
type visit struct {
	end
	machine  *client.Client
	tls      *tls.Config
	patience time.Duration
	due      time.Time // when the reply that is waited for must be whole
	over     time.Time // when the session must be over
	space    [readSize]byte
}

// wait begins to wait for the next reply, or for TLS.
func (v *visit) wait() {
	if v.due = time.Now().Add(v.patience); v.over.Before(v.due) {
		v.due = v.over
	}
}

// earlyTime is how long a client looks, before it writes, for what came unasked.
// This client never pipelines (RFC 2920): what is there before it has written
// answers nothing. A read that does not wait would miss what is still on its way
// from the kernel; over a whole session a millisecond for each command is nothing.
const earlyTime = time.Millisecond

// early is what came before the next command goes out (SEQ-20).
func (v *visit) early() []byte {
	v.await(true, time.Now().Add(earlyTime))
	n, _ := v.read(v.space[:]) // the next read has the error too
	return bytes.Clone(v.space[:n])
}

// talk talks until the session is over, and closes the connection.
func (v *visit) talk(implicit bool) {
	defer v.hush()
	defer v.close()
	v.wait()
	if implicit {
		v.shake(machine.Connected)
	} else {
		v.step(machine.Input{Kind: machine.Connected})
	}
	for v.machine.State().Phase != client.Closed {
		v.await(true, v.due)
		n, err := v.read(v.space[:])
		if n > 0 {
			v.step(machine.Input{Kind: machine.Octets, Octets: v.space[:n]})
		}
		switch {
		case err == nil:
		case late(err):
			v.did(v.machine.Expire())
		default:
			v.step(machine.Input{Kind: machine.PeerClosed})
		}
	}
}

func (v *visit) step(in machine.Input) { v.did(v.machine.Step(in)) }

// did carries out what the machine did.
func (v *visit) did(events []client.Event) {
	if events == nil {
		return
	}
	var err error
	var early []byte
	secure, ended := false, false
	for _, e := range events {
		switch e.Kind {
		case machine.Said:
			if err == nil {
				early = append(early, v.early()...)
				v.wait()
				err = v.write(e.Octets, v.due)
				v.wait()
			}
		case machine.Secure:
			secure = true
		case machine.Ended:
			ended = true
		}
	}
	if ended && err == nil {
		v.bye()
	}
	v.note(Note{Kind: Stepped, Client: events})
	switch {
	case ended:
	case late(err):
		v.did(v.machine.Expire())
	case err != nil:
		v.step(machine.Input{Kind: machine.PeerClosed})
	case len(early) > 0:
		v.step(machine.Input{Kind: machine.Early, Octets: early})
	case secure:
		v.shake(machine.Secured)
	}
}

// shake lets TLS begin and tells the machine how that went.
func (v *visit) shake(up machine.InputKind) {
	v.wait()
	v.await(true, v.due)
	facts, failure, err := v.secure(v.tls)
	switch {
	case facts != nil:
		v.step(machine.Input{Kind: up, Channel: v.channel})
	case failure != nil:
		v.step(machine.Input{Kind: machine.TLSFault, Reason: "tls-" + failure.ID, Local: failure.Local})
	case late(err):
		v.did(v.machine.Expire())
	default:
		v.step(machine.Input{Kind: machine.PeerClosed})
	}
}
