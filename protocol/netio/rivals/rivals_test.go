//go:build !js

// Package rivals sets our server beside other people's, in one process and over
// connections in memory: how fast each is, and where they answer otherwise.
package rivals

import (
	"context"
	"io"
	"log"
	"net"
	"sync"
	"testing"
	"time"

	"example.org/smtpauth/protocol/netio"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	gosasl "github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
)

const (
	user     = "tim"
	password = "tanstaaftanstaaf"
	initial  = "AHRpbQB0YW5zdGFhZnRhbnN0YWFm" // NUL tim NUL tanstaaftanstaaf
)

var credentials = sasl.Credentials{Authcid: user, Password: sasl.Secret{Text: password}}

// pipes is a listener of connections in memory.
type pipes struct {
	name   string
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes(name string) *pipes {
	return &pipes{name: name, conns: make(chan net.Conn), closed: make(chan struct{})}
}

// dial returns a client's end, which net/smtp takes for one on this machine.
func (p *pipes) dial() net.Conn {
	ours, theirs := net.Pipe()
	p.conns <- theirs
	return ours
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 25} }

func openOurs(t testing.TB, record bool) *pipes {
	t.Helper()
	s, err := netio.NewServer(server.Policy{
		Host: "localhost", Extensions: []string{"PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"}, MaxSize: 1 << 20,
		BeforeTLS: []string{"PLAIN"}, LocalDomains: []string{"example.org"},
		Accounts: []sasl.Account{{Name: user, Password: sasl.Secret{Text: password}, Stored: sasl.Clear}},
	}, sasl.Env{})
	if err != nil {
		t.Fatal(err)
	}
	s.Record = record
	p := newPipes("netio")
	go s.Serve(p, server.Submission)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		s.Shutdown(ctx)
	})
	return p
}

func openRival(t testing.TB) *pipes {
	t.Helper()
	s := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return &rival{}, nil }))
	s.Domain, s.AllowInsecureAuth, s.EnableSMTPUTF8, s.MaxMessageBytes = "localhost", true, true, 1<<20
	s.ReadTimeout, s.WriteTimeout = 5*time.Minute, 5*time.Minute // ours has deadlines too
	s.ErrorLog = log.New(io.Discard, "", 0)
	p := newPipes("go-smtp")
	go s.Serve(p)
	t.Cleanup(func() { s.Close() })
	return p
}

// rival is a session of go-smtp's, with the same account.
type rival struct{}

func (*rival) AuthMechanisms() []string { return []string{gosasl.Plain} }

func (*rival) Auth(mechanism string) (gosasl.Server, error) {
	if mechanism != gosasl.Plain {
		return nil, gosmtp.ErrAuthUnknownMechanism
	}
	return gosasl.NewPlainServer(func(authzid, authcid, secret string) error {
		if authzid != "" || authcid != user || secret != password {
			return gosmtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (*rival) Mail(string, *gosmtp.MailOptions) error { return nil }
func (*rival) Rcpt(string, *gosmtp.RcptOptions) error { return nil }
func (*rival) Reset()                                 {}
func (*rival) Logout() error                          { return nil }

func (*rival) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}
