package tlslink

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"time"
)

// Options of one end.
type Options struct {
	Host                   string           // client: the name to verify, also sent as SNI
	Now                    func() time.Time // clock for the certificate's validity; nil: the identity's start time
	MinVersion, MaxVersion uint16           // as tls.VersionTLS12; 0: 1.2 and 1.3
	SkipVerify             bool             // client: take any certificate (SID-06)
	Certificate            *tls.Certificate // client: shown when the server asks for one; may be nil
	AskClient              bool             // server: ask the client for a certificate, and go on without
	KeyLog                 io.Writer        // NSS key log lines, for a Dissector or a capture; may be nil
}

// Link is one end of a TLS connection. It is driven by one goroutine at a time,
// blocks on nothing and must be ended with Close.
type Link struct {
	conn   *conn
	tls    *tls.Conn
	client bool
	host   string
	now    func() time.Time
	leaf   *x509.Certificate // server: its own
	shown  *x509.Certificate // client: its own, once the server has asked for it

	resume func() (struct{}, bool)
	stop   func()

	own     *Dissector // of this connection, until the handshake is over
	alert   string     // the last alert this side sent in the handshake
	plain   []byte
	up      bool
	facts   Facts
	closed  bool // the peer sent close_notify
	failure *Failure
}

// NewServer returns the server's end, which presents id's certificate.
func NewServer(id Identity, o Options) *Link {
	l := newLink(id, o)
	config := l.config(o)
	config.Certificates = []tls.Certificate{id.Certificate}
	l.leaf = id.Certificate.Leaf
	if o.AskClient {
		config.ClientAuth, config.ClientCAs = tls.VerifyClientCertIfGiven, id.Pool
	}
	l.tls = tls.Server(l.conn, config)
	return l
}

// NewClient returns the client's end, which trusts id's root and no other.
func NewClient(id Identity, o Options) *Link {
	l := newLink(id, o)
	config := l.config(o)
	l.client, l.host = true, o.Host
	config.RootCAs, config.ServerName, config.InsecureSkipVerify = id.Pool, o.Host, o.SkipVerify
	if config.RootCAs == nil {
		config.RootCAs = x509.NewCertPool() // nil would stand for the system's roots
	}
	config.GetClientCertificate = l.offer(o.Certificate)
	l.tls = tls.Client(l.conn, config)
	return l
}

func newLink(id Identity, o Options) *Link {
	l := &Link{conn: &conn{}, now: o.Now, own: NewDissector()}
	if l.now == nil {
		l.now = func() time.Time { return id.Made }
	}
	l.conn.sent = func(p []byte) { l.watch(l.client, p) }
	return l
}

func (l *Link) config(o Options) *tls.Config {
	c := &tls.Config{
		Time: l.now, MinVersion: o.MinVersion, MaxVersion: o.MaxVersion,
		SessionTicketsDisabled: true, DynamicRecordSizingDisabled: true,
		KeyLogWriter: l.own,
	}
	if c.MinVersion == 0 {
		c.MinVersion = tls.VersionTLS12
	}
	if o.KeyLog != nil {
		c.KeyLogWriter = io.MultiWriter(l.own, o.KeyLog)
	}
	return c
}

// Feed takes octets from the peer and returns the plaintext that they opened
// to. It may leave octets for Take. A link that has ended drops them.
func (l *Link) Feed(ciphertext []byte) (plain []byte) {
	if l.conn.ended || l.failure != nil || l.closed {
		return nil
	}
	l.Start()
	l.watch(!l.client, ciphertext)
	l.conn.in = append(l.conn.in, ciphertext...)
	if len(l.conn.in) > 0 {
		l.resume()
	}
	plain, l.plain = l.plain, nil
	return plain
}

// Write seals plain for Take. Before the handshake is over, or after CloseNotify
// or Close, it breaks the link instead.
func (l *Link) Write(plain []byte) {
	switch {
	case l.failure != nil:
		return
	case l.conn.ended:
		l.failure = &Failure{ID: Closed, Local: true}
	case !l.up:
		l.failure = &Failure{ID: TooEarly, Local: true}
	default:
		if _, err := l.tls.Write(plain); err != nil {
			l.failure = &Failure{ID: Closed, Local: true, Text: err.Error()}
		}
	}
	if l.failure != nil {
		l.Close()
	}
}

// Take returns the octets for the peer and empties the buffer.
func (l *Link) Take() []byte {
	out := l.conn.out
	l.conn.out = nil
	return out
}

// Up reports whether the handshake is over on this side. Under TLS 1.3 a client
// is up before the server has judged it.
func (l *Link) Up() (Facts, bool) { return l.facts, l.up }

// Err is a *Failure once the link is broken, else nil.
func (l *Link) Err() error {
	if l.failure == nil {
		return nil
	}
	return l.failure
}

// CloseNotify leaves close_notify for Take (RFC 8446 §6.1); the peer's data are
// still taken. Before the handshake is over there is nothing to close.
func (l *Link) CloseNotify() {
	if l.up && l.failure == nil {
		l.tls.CloseWrite()
	}
}

// PeerClosed reports whether the peer sent close_notify.
func (l *Link) PeerClosed() bool { return l.closed }

// Close ends the coroutine; what was left for Take stays. It sends nothing.
func (l *Link) Close() {
	l.conn.ended = true
	if l.stop != nil {
		l.stop()
	}
}
