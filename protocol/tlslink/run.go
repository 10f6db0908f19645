package tlslink

import (
	"crypto/tls"
	"errors"
	"io"
	"iter"
	"net"
)

// Start begins the handshake: a client leaves its ClientHello for Take, a server
// waits. A second Start does nothing.
func (l *Link) Start() {
	if l.resume != nil || l.conn.ended {
		return
	}
	l.resume, l.stop = iter.Pull(l.run)
	l.resume()
}

// run is the coroutine's body; it parks in conn.Read.
func (l *Link) run(park func(struct{}) bool) {
	l.conn.park = park
	err := l.tls.Handshake()
	if err != nil {
		l.broke(err)
		return
	}
	l.rise()
	buf := make([]byte, 16<<10)
	for err == nil {
		var n int
		n, err = l.tls.Read(buf)
		l.plain = append(l.plain, buf[:n]...)
	}
	l.broke(err)
}

func (l *Link) rise() {
	state := l.tls.ConnectionState()
	if l.client {
		l.leaf = state.PeerCertificates[0]
	}
	l.up, l.facts, l.own = true, FactsOf(state, l.leaf), nil
	if l.client {
		l.facts.Client = ClientName(l.shown)
	} else {
		l.facts = l.facts.Served(state)
	}
}

// broke notes why the coroutine ends.
func (l *Link) broke(err error) {
	var header tls.RecordHeaderError
	switch {
	case l.conn.ended: // by Close: nobody's fault
		return
	case err == io.EOF:
		l.closed = true
		if l.up {
			return
		}
	case errors.As(err, &header) && header.Conn != nil:
		// crypto/tls leaves the answer to us; RFC 8446 §5 asks for this alert.
		l.conn.Write([]byte{21, 3, 3, 0, 2, 2, 10})
	}
	if l.up { // what was sent is the error that further writing meets
		var op *net.OpError
		if _, werr := l.tls.Write(nil); errors.As(werr, &op) && op.Op == "local error" {
			l.alert = alertOf(op)
		}
	}
	l.failure = explain(err, l.alert, l.up, l.host, l.now())
}

// watch lets the link's own dissector open what passes, for the sake of the
// alert: the errors of crypto/tls do not always say what was sent.
func (l *Link) watch(toServer bool, octets []byte) {
	if l.own == nil {
		return
	}
	dir := ToClient
	if toServer {
		dir = ToServer
	}
	for _, r := range l.own.Feed(dir, octets) {
		if toServer == l.client && r.Alert != "" {
			l.alert = r.Alert
		}
	}
}
