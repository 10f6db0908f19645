//go:build !js

package judges

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
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
	mechanisms: []string{"PLAIN", "OAUTHBEARER", "EXTERNAL", "ANONYMOUS"},
	refusals:   map[string]string{"OAUTHBEARER": "the server refused: it cannot authenticate anybody now (reply 454; AUTH-30, RFC 4954 §6)."},
	start: func(t *testing.T, s site) {
		pair, err := tls.LoadX509KeyPair(s.Cert, s.Key)
		if err != nil {
			t.Fatal(err)
		}
		server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &goSMTPSession{site: s, conn: c}, nil }))
		server.Domain, server.AllowInsecureAuth, server.EnableSMTPUTF8 = s.Host, true, true
		users := x509.NewCertPool()
		users.AddCert(clients509().cert)
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: users}
		server.ErrorLog = log.New(io.Discard, "", 0) // it tells of everybody who hangs up
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
	conn          *smtp.Conn
	authenticated bool
}

func (s *goSMTPSession) AuthMechanisms() []string {
	return []string{sasl.Plain, sasl.OAuthBearer, sasl.External, sasl.Anonymous}
}

func (s *goSMTPSession) Auth(mechanism string) (sasl.Server, error) {
	check := func(right bool) error {
		if s.authenticated = right; !right {
			return smtp.ErrAuthFailed
		}
		return nil
	}
	switch mechanism {
	case sasl.OAuthBearer:
		return sasl.NewOAuthBearerServer(func(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError {
			if check(o.Token == s.site.Token) != nil {
				return &sasl.OAuthBearerError{Status: "invalid_token", Schemes: "bearer"}
			}
			return nil
		}), nil
	case sasl.External:
		return sasl.NewExternalServer(func(authzid string) error {
			state, _ := s.conn.TLSConnectionState()
			return check(authzid == "" && len(state.PeerCertificates) > 0 && state.PeerCertificates[0].Subject.CommonName == s.site.User)
		}), nil
	case sasl.Anonymous:
		return sasl.NewAnonymousServer(func(string) error { return check(true) }), nil
	}
	return sasl.NewPlainServer(func(authzid, authcid, password string) error {
		return check(authzid == "" && authcid == s.site.User && password == s.site.Password)
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
