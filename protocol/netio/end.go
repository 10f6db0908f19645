package netio

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"example.org/smtpauth/protocol/sasl"
)

// An end is this side of one connection, and may be that of another later. One
// goroutine drives it; hurry alone may be called by others.
type end struct {
	link
	mu sync.Mutex
	alarm
}

// A link is what an end has of one connection.
type link struct {
	socket  net.Conn
	tap     tap      // over socket
	conn    net.Conn // what is read and written: the tap, or TLS over it
	watch   func(Note)
	channel sasl.Channel // of the TLS connection, once there is one

	haste haste // mu is held
	busy  bool  // in the middle of something that may be finished; mu is held
}

// A haste says how a connection is to end before its time.
type haste int

const (
	none   haste = iota
	polite       // as soon as nothing is under way
	forced       // now, with what can still be said
	cut          // now
)

// hurryTime is how long a last word may take.
const hurryTime = time.Second

// open begins with a connection.
func (e *end) open(socket net.Conn, client bool, watch func(Note)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.link = link{socket: socket, tap: tap{Conn: socket, client: client, watch: watch}, watch: watch}
	e.conn = &e.tap
}

// close closes the connection, and forgets it.
func (e *end) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.socket.Close()
	e.link = link{}
	e.woken, e.until = false, time.Time{}
}

func (e *end) note(n Note) {
	if e.watch != nil {
		e.watch(n)
	}
}

// await says until when the next read may last, and whether it is in the middle
// of something.
func (e *end) await(busy bool, until time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.busy = busy
	if e.hurried() {
		e.wake()
		return
	}
	e.allow(until)
}

// hurried reports whether it should end now; mu is held.
func (e *end) hurried() bool { return e.haste >= forced || e.haste == polite && !e.busy }

// hurry ends the connection before its time. It wakes a read.
func (e *end) hurry(h haste) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.socket == nil {
		return // it has ended
	}
	e.haste = max(e.haste, h)
	if e.hurried() {
		e.wake()
	}
	switch e.haste {
	case forced:
		e.set(time.Now().Add(hurryTime))
	case cut:
		e.socket.Close()
	}
}

// hasty reports whether it is to end now.
func (e *end) hasty() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.hurried()
}

// read reads what has come, and tells it.
func (e *end) read(buf []byte) (int, error) {
	n, err := e.conn.Read(buf)
	e.tap.flush()
	return n, err
}

// write writes all of octets before the deadline.
func (e *end) write(octets []byte, until time.Time) error {
	if len(octets) == 0 {
		return nil
	}
	e.mu.Lock()
	if e.haste >= forced {
		until = time.Now().Add(hurryTime)
	}
	e.allow(until)
	e.mu.Unlock()
	_, err := e.conn.Write(octets)
	return err
}

// bye says close_notify, where there is TLS.
func (e *end) bye() {
	if c, ok := e.conn.(*tls.Conn); ok {
		c.CloseWrite()
	}
}

// What is still read of a peer after the last word. To close a socket with
// octets unread would make the system drop what was said.
const (
	lingerTime   = time.Second
	lingerOctets = 1 << 20
)

// linger waits until the peer has read the last word, and closes.
func (e *end) linger() {
	if c, ok := e.socket.(interface{ CloseWrite() error }); ok && c.CloseWrite() == nil {
		e.await(true, time.Now().Add(lingerTime))
		io.CopyN(io.Discard, e.socket, lingerOctets)
	}
	e.close()
}

// late reports whether an error is a deadline that passed.
func late(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }

// gone reports whether an error says that the peer has gone.
func gone(err error) bool {
	for _, g := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, g) {
			return true
		}
	}
	return false
}
