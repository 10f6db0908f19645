//go:build !js

package main

import (
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

const tim = "tim:tanstaaftanstaaf"

// connect's own manners, with each mechanism: with TLS both ways and without,
// the right password and a wrong one.
func TestConnect(t *testing.T) {
	s := start(t, 2, "-listen", "127.0.0.1:0", "-tls-listen", "localhost:0", "-host", "mail.example.org", "-user", tim,
		"-cleartext", "-require-auth", "-print-ca", "-json")
	root := s.root(t)
	sent := 0
	for _, m := range usable {
		for tls, addr := range map[string]string{"none": s.addrs[0], "starttls": s.addrs[0], "implicit": s.addrs[1]} {
			switch {
			case sasl.IsPlus(m.Name) && tls == "none": // CHB-06
				continue
			case m.Name == "DIGEST-MD5": // DIG-12: an address is not the server's name; package netio tests it
				continue
			}
			args := []string{"connect", "-addr", addr, "-user", "tim", "-tls", tls, "-ca", root, "-mechanism", m.Name}
			r := do(t, "", append(args, "-password", "tanstaaftanstaaf", "-send", "-to", "ursel@example.com")...)
			if r.status != 0 || r.err != "" || !strings.Contains(r.out, "\nS: 235 2.7.0 ") || !strings.Contains(r.out, "\nS: 250 2.0.0 Message accepted") {
				t.Errorf("%s, %s: %+v", m.Name, tls, r)
			}
			if (tls != "none") != strings.Contains(r.out, "-- TLS 1.3, ") {
				t.Errorf("%s, %s: %q", m.Name, tls, r.out)
			}
			secrets(t, r.out)
			sent++
			r = do(t, "", append(args, "-password", "tanstaaf")...)
			if want := "authlab connect: the server refused: name or password are wrong (reply 535; AUTH-27, RFC 4954 §6).\n"; r.status != 1 || r.err != want {
				t.Errorf("%s, %s, wrong password: %+v", m.Name, tls, r)
			}
		}
	}
	if status := s.stop(); status != 0 || s.errs.text() != "" {
		t.Errorf("serve: %d, %q", status, s.errs.text())
	}
	secrets(t, s.out.text())
	accepted, checked := 0, 0
	for _, f := range s.frames(t) {
		for _, e := range f.Server {
			switch e.Kind {
			case machine.Accepted:
				if accepted++; !strings.HasSuffix(string(e.Message.Text), "whether it would be taken.\r\n") {
					t.Errorf("accepted %q", e.Message.Text)
				}
			case machine.Checked:
				checked++
				if len(e.Trace) == 0 {
					t.Error("a check without what was computed")
				}
			}
		}
		checkSecrets(t, f)
	}
	if accepted != sent || checked != 2*sent {
		t.Errorf("%d accepted, %d checks; %d were sent", accepted, checked, sent)
	}
}

// With -show-secrets everything is told.
func TestShowSecrets(t *testing.T) {
	s := start(t, 1, "-tls-listen", "127.0.0.1:0", "-user", tim, "-print-ca", "-json", "-show-secrets")
	r := do(t, "", "connect", "-addr", s.addrs[0], "-user", "tim", "-password", "tanstaaftanstaaf", "-tls", "implicit",
		"-ca", s.root(t), "-mechanism", "plain", "-show-secrets")
	if r.status != 0 || !strings.Contains(r.out, "\nC: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\n") {
		t.Errorf("%+v", r)
	}
	s.stop()
	i := slices.IndexFunc(s.frames(t), func(f session.Frame) bool { return string(f.Decoded) == "\x00tim\x00tanstaaftanstaaf" })
	if i < 0 || s.frames(t)[i].Session != 1 || !strings.Contains(s.out.text(), `"label":"passwd"`) {
		t.Errorf("the frames do not tell: %s", s.out.text())
	}
}

// What a client says at the wrong time is masked too.
func TestSecretsAtTheWrongTime(t *testing.T) {
	s := start(t, 1, "-listen", "127.0.0.1:0", "-user", tim, "-json", "-cleartext")
	conn, err := net.Dial("tcp", s.addrs[0])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "EHLO a.example\r\nAUTH FOOBAR\r\ndGltIHRhbnN0YWFm\r\ndGFuc3RhYWZ0YW5zdGFhZg==\r\n"+
		"AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm extra\r\nAUTH AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n"+
		"AUTH LOGIN dGlt\r\ndGFuc3RhYWY=\r\n STARTTLS\r\nSTARTTLS\r\nAUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n")
	conn.(*net.TCPConn).CloseWrite()
	io.Copy(io.Discard, conn)
	s.stop()
	frames := s.frames(t)
	for _, f := range frames {
		checkSecrets(t, f)
	}
	if len(frames) < 15 || !slices.ContainsFunc(frames, func(f session.Frame) bool { return string(f.Octets) == "AUTH PLAIN ********\r\n" }) {
		t.Errorf("%d frames", len(frames))
	}
}

// A policy of the page, changed by flags; -mechanisms and the accounts of a
// file.
func TestPolicy(t *testing.T) {
	sc, _ := scenario.ByID("plain")
	policy := setupFile(t, sc, func(s *session.Setup) { s.TLS.Certificate.Host = "other.example" })
	users := file(t, "users", "# more\nursel:secret:with colons\r\n\n")
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "250-localhost|250-PIPELINING|250-8BITMIME|250-SMTPUTF8|250-STARTTLS|250-ENHANCEDSTATUSCODES|250-HELP|250-SIZE 10485760|250 AUTH SCRAM-SHA-512 SCRAM-SHA-256 SCRAM-SHA-1 SRP DIGEST-MD5 CRAM-MD5 NTLM"},
		{[]string{"-mechanisms", "login, plain,LOGIN", "-host", "mx.example.org"}, "250-mx.example.org|250-PIPELINING|250-8BITMIME|250-SMTPUTF8|250-STARTTLS|250-ENHANCEDSTATUSCODES|250-HELP|250 SIZE 10485760"},
		{[]string{"-mechanisms", "login,PLAIN", "-cleartext"}, "250-localhost|250-PIPELINING|250-8BITMIME|250-SMTPUTF8|250-STARTTLS|250-ENHANCEDSTATUSCODES|250-HELP|250-SIZE 10485760|250 AUTH LOGIN PLAIN"},
		{[]string{"-host", "mail.example.org", "-keytab", "testdata/keytab/ktadd"}, "250-mail.example.org|250-PIPELINING|250-8BITMIME|250-SMTPUTF8|250-STARTTLS|250-ENHANCEDSTATUSCODES|250-HELP|250-SIZE 10485760|250 AUTH SCRAM-SHA-512 SCRAM-SHA-256 SCRAM-SHA-1 GSSAPI SRP DIGEST-MD5 CRAM-MD5 NTLM"},
		{[]string{"-policy", policy}, "250-mail.example.org|250-PIPELINING|250-8BITMIME|250-STARTTLS|250-ENHANCEDSTATUSCODES|250 SIZE 10485760"},
		{[]string{"-policy", policy, "-cleartext", "-host", "a.example"}, "250-a.example|250-PIPELINING|250-8BITMIME|250-STARTTLS|250-ENHANCEDSTATUSCODES|250-SIZE 10485760|250 AUTH PLAIN LOGIN CRAM-MD5"},
	} {
		s := start(t, 1, append(test.args, "-listen", ":0", "-users", users)...)
		conn, err := net.Dial("tcp", s.addrs[0])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, "EHLO a.example\r\nQUIT\r\n")
		heard, _ := io.ReadAll(conn)
		conn.Close()
		_, list, _ := strings.Cut(string(heard), "\r\n")
		if list, _, _ = strings.Cut(list, "\r\n221 "); strings.ReplaceAll(list, "\r\n", "|") != test.want {
			t.Errorf("%q: %q, want %q", test.args, list, test.want)
		}
		r := do(t, "", "connect", "-addr", s.addrs[0], "-insecure", "-user", "ursel", "-password", "secret:with colons")
		if r.status != 0 {
			t.Errorf("%q: %+v", test.args, r)
		}
		if certificate := "for other.example by"; len(test.args) > 0 && test.args[0] == "-policy" && !strings.Contains(r.out, certificate) {
			t.Errorf("%q: %q, want the certificate %s", test.args, r.out, certificate)
		}
	}
}

// A certificate that is given, and one that the client has no reason to trust.
func TestCertificate(t *testing.T) {
	cert, key := writeCertificate(t)
	s := start(t, 1, "-tls-listen", "127.0.0.1:0", "-user", tim, "-cert", cert, "-key", key)
	args := []string{"connect", "-addr", s.addrs[0], "-user", "tim", "-password", "tanstaaftanstaaf", "-tls", "implicit"}
	if r := do(t, "", append(args, "-ca", cert)...); r.status != 0 {
		t.Errorf("%+v", r)
	}
	r := do(t, "", args...)
	if want := "authlab connect: the connection failed: nobody who is trusted vouches for the certificate (TLS-18, RFC 3207 §4.1).\n"; r.status != 1 || r.err != want || strings.Contains(r.out, "C: ") {
		t.Errorf("%+v", r)
	}
	if r := do(t, "", append(args, "-insecure")...); r.status != 0 || !strings.Contains(r.out, "not checked") {
		t.Errorf("%+v", r)
	}
}

// A taken port is one line and exit status 1.
func TestTakenPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	r := do(t, "", "serve", "-tls-listen", l.Addr().String(), "-listen", "127.0.0.1:0")
	if r.status != 1 || r.out != "" || !strings.Contains(r.err, "address already in use") || strings.Count(r.err, "\n") != 1 {
		t.Errorf("%+v", r)
	}
}
