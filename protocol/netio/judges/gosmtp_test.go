//go:build !js

package judges

import (
	"crypto/rand"
	"crypto/tls"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

var goSMTP = serverJudge{
	name:       "emersion/go-smtp",
	version:    func(t *testing.T) string { return goModule(t, "github.com/emersion/go-smtp") },
	mechanisms: []string{"PLAIN"},
	start: func(t *testing.T, s site) {
		pair, err := tls.LoadX509KeyPair(s.Cert, s.Key)
		if err != nil {
			t.Fatal(err)
		}
		server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &goSMTPSession{site: s}, nil }))
		server.Domain, server.AllowInsecureAuth, server.EnableSMTPUTF8 = s.Host, true, true
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}}
		for port, listen := range map[string]func(net.Listener) net.Listener{
			s.Clear:    func(l net.Listener) net.Listener { return l },
			s.Implicit: func(l net.Listener) net.Listener { return tls.NewListener(l, server.TLSConfig) },
		} {
			l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
			if err != nil {
				t.Fatal(err)
			}
			go server.Serve(listen(l))
		}
		t.Cleanup(func() { server.Close() })
	},
}

type goSMTPSession struct {
	site          site
	authenticated bool
}

func (s *goSMTPSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *goSMTPSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(authzid, authcid, password string) error {
		if authzid != "" || authcid != s.site.User || password != s.site.Password {
			return smtp.ErrAuthFailed
		}
		s.authenticated = true
		return nil
	}), nil
}

func (s *goSMTPSession) Mail(string, *smtp.MailOptions) error {
	if !s.authenticated {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (*goSMTPSession) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (*goSMTPSession) Reset()                               {}
func (*goSMTPSession) Logout() error                        { return nil }

func (s *goSMTPSession) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.site.Box, rand.Text()), text, 0o600)
}
