//go:build !js

package judges

import (
	"bytes"
	"strconv"
	"testing"
	"time"

	"example.org/smtpauth/protocol/client"
	"github.com/wneessen/go-mail"
)

var goMail = clientJudge{
	name:    "wneessen/go-mail",
	version: func(t *testing.T) string { return goModule(t, "github.com/wneessen/go-mail") },
	mechanisms: []string{"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256",
		"SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "XOAUTH2", "NTLM"},
	letter: goMailLetter(),
	send: func(t *testing.T, do task) error {
		secret := do.Password
		if byToken(do.Mechanism) {
			secret = do.Token
		}
		port, err := strconv.Atoi(do.Port)
		if err != nil {
			return err
		}
		options := []mail.Option{mail.WithPort(port), mail.WithHELO("client.example.org"), mail.WithTimeout(patience),
			mail.WithSMTPAuth(mail.SMTPAuthType(do.Mechanism)), mail.WithUsername(do.User), mail.WithPassword(secret),
			mail.WithTLSConfig(trusting(t, do))}
		switch do.TLS {
		case client.NoTLS:
			options = append(options, mail.WithTLSPolicy(mail.NoTLS))
		case client.StartTLS:
			options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
		case client.Implicit:
			options = append(options, mail.WithSSL())
		}
		c, err := mail.NewClient(do.Host, options...)
		if err != nil {
			return err
		}
		return c.DialAndSendWithContext(t.Context(), goMailMessage())
	},
}

// goMailMessage is a letter made by go-mail: it sends no others.
func goMailMessage() *mail.Msg {
	m := mail.NewMsg(mail.WithEncoding(mail.NoEncoding), mail.WithNoDefaultUserAgent())
	m.SetMessageIDWithValue("go-mail@example.org")
	m.SetDateWithValue(time.Date(2026, 1, 15, 9, 30, 0, 0, time.UTC))
	m.Subject("über dots")
	m.SetBodyString(mail.TypeTextPlain, ".one dot\r\n..two dots\r\n.\r\n..\r\nTrailing blanks and a tab: \t  \r\n你好\r\n\r\n.\r\nThe end\r\n")
	if err := m.From(from); err != nil {
		panic(err)
	}
	if err := m.To(to); err != nil {
		panic(err)
	}
	return m
}

func goMailLetter() string {
	var text bytes.Buffer
	if _, err := goMailMessage().WriteTo(&text); err != nil {
		panic(err)
	}
	return text.String()
}
