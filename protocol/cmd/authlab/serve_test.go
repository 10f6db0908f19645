//go:build !js

package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// A served is a running serve command.
type served struct {
	addrs     []string
	out, errs *shared
	stop      func() int // ends it and returns its status
}

// start runs serve until its listeners are ready.
func start(t *testing.T, listeners int, args ...string) *served {
	t.Helper()
	s := &served{out: &shared{}, errs: &shared{}}
	ctx, cancel := context.WithCancel(context.Background())
	status := make(chan int, 1)
	go func() {
		status <- authlab(ctx, append([]string{"serve", "-drain-time", "1s"}, args...), streams{strings.NewReader(""), s.out, s.errs})
	}()
	stopped := -1
	s.stop = func() int {
		if stopped < 0 {
			cancel()
			stopped = <-status
		}
		return stopped
	}
	t.Cleanup(func() { s.stop() })
	for range 500 {
		s.addrs = nil
		for line := range strings.Lines(s.out.text()) {
			if addr, found := strings.CutPrefix(line, "listening on "); found {
				s.addrs = append(s.addrs, strings.TrimSpace(addr))
			}
		}
		if len(s.addrs) == listeners {
			return s
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatalf("serve is not ready: %q, %q", s.out.text(), s.errs.text())
	return nil
}

// frames are those that serve has printed.
func (s *served) frames(t *testing.T) (frames []session.Frame) {
	t.Helper()
	for line := range strings.Lines(s.out.text()) {
		if strings.HasPrefix(line, "{") {
			var f session.Frame
			if err := json.Unmarshal([]byte(line), &f); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			frames = append(frames, f)
		}
	}
	return frames
}

// root is a file with the PEM that serve has printed.
func (s *served) root(t *testing.T) string {
	t.Helper()
	text, _, found := strings.Cut(s.out.text(), "listening on")
	if !found || !strings.HasPrefix(text, "-----BEGIN CERTIFICATE-----\n") {
		t.Fatalf("the root is not printed: %q", text)
	}
	return file(t, "ca.pem", text)
}

const tim = "tim:tanstaaftanstaaf"

// connect's own manners, with each mechanism: with TLS both ways and without,
// the right password and a wrong one.
func TestConnect(t *testing.T) {
	s := start(t, 2, "-listen", "127.0.0.1:0", "-tls-listen", "localhost:0", "-host", "mail.example.org", "-user", tim,
		"-cleartext", "-require-auth", "-print-ca", "-json")
	root := s.root(t)
	sent := 0
	for _, m := range sasl.Mechanisms {
		for tls, addr := range map[string]string{"none": s.addrs[0], "starttls": s.addrs[0], "implicit": s.addrs[1]} {
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
			case server.Accepted:
				if accepted++; !strings.HasSuffix(string(e.Message.Text), "whether it would be taken.\r\n") {
					t.Errorf("accepted %q", e.Message.Text)
				}
			case server.Checked:
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

// spelled are the forms in which a secret of tim's may appear.
func spelled() (forms []string) {
	password := "tanstaaftanstaaf"
	for _, p := range []string{password, "tanstaaf"} {
		forms = append(forms, p, base64.StdEncoding.EncodeToString([]byte(p)), base64.StdEncoding.EncodeToString([]byte("\x00tim\x00"+p)))
	}
	return forms
}

// secrets looks for the password (AUTH-50).
func secrets(t *testing.T, text string) {
	t.Helper()
	for _, secret := range spelled() {
		if i := strings.Index(text, secret); i >= 0 {
			t.Fatalf("%q stands in …%s…", secret, text[max(0, i-200):min(len(text), i+60)])
		}
	}
}

// checkSecrets looks for it in the octets of a frame, whatever holds them.
func checkSecrets(t *testing.T, f session.Frame) {
	t.Helper()
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, inner := range v {
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		case string:
			secrets(t, v)
			if octets, err := base64.StdEncoding.DecodeString(v); err == nil {
				secrets(t, string(octets))
				if words := strings.Fields(string(octets)); len(words) == 2 && words[0] == "tim" && len(words[1]) == 32 {
					t.Errorf("a response stands in %q", octets)
				}
			}
		}
	}
	var fields any
	json.Unmarshal(text, &fields)
	walk(fields)
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
		{nil, "250-localhost|250-PIPELINING|250-8BITMIME|250-SMTPUTF8|250-STARTTLS|250-ENHANCEDSTATUSCODES|250-HELP|250-SIZE 10485760|250 AUTH CRAM-MD5"},
		{[]string{"-mechanisms", "login, plain,LOGIN", "-host", "mx.example.org"}, "250-mx.example.org|250-PIPELINING|250-8BITMIME|250-SMTPUTF8|250-STARTTLS|250-ENHANCEDSTATUSCODES|250-HELP|250 SIZE 10485760"},
		{[]string{"-mechanisms", "login,PLAIN", "-cleartext"}, "250-localhost|250-PIPELINING|250-8BITMIME|250-SMTPUTF8|250-STARTTLS|250-ENHANCEDSTATUSCODES|250-HELP|250-SIZE 10485760|250 AUTH LOGIN PLAIN"},
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

// SIGTERM, to the program itself: an idle session hears 421, a transaction
// comes to its end, and the exit status is 0.
func TestSIGTERM(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), "AUTHLAB_ARGS=serve -listen 127.0.0.1:0 -user "+tim+" -json", "GOCOVERDIR="+t.TempDir())
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Process.Kill()
	lines := bufio.NewReader(out)
	ready, err := lines.ReadString('\n')
	addr, found := strings.CutPrefix(strings.TrimSpace(ready), "listening on ")
	if !found {
		t.Fatalf("%q, %v", ready, err)
	}
	dial := func() (net.Conn, *bufio.Reader) {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(5 * time.Second))
		in := bufio.NewReader(conn)
		if line, _ := in.ReadString('\n'); !strings.HasPrefix(line, "220 ") {
			t.Fatalf("greeted with %q", line)
		}
		return conn, in
	}
	idle, idleIn := dial()
	defer idle.Close()
	busy, busyIn := dial()
	defer busy.Close()
	io.WriteString(busy, "EHLO a.example\r\nMAIL FROM:<a@localhost>\r\nRCPT TO:<b@localhost>\r\nDATA\r\n")
	for line := ""; !strings.HasPrefix(line, "354 "); {
		if line, err = busyIn.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	child.Process.Signal(syscall.SIGTERM)
	if line, _ := idleIn.ReadString('\n'); !strings.HasPrefix(line, "421 4.3.2 ") {
		t.Errorf("an idle session hears %q", line)
	}
	io.WriteString(busy, "Subject: x\r\n\r\n.\r\n")
	if line, _ := busyIn.ReadString('\n'); !strings.HasPrefix(line, "250 2.0.0 Message accepted") {
		t.Errorf("a transaction hears %q", line)
	}
	if line, _ := busyIn.ReadString('\n'); !strings.HasPrefix(line, "421 4.3.2 ") {
		t.Errorf("and then %q", line)
	}
	idle.Close()
	busy.Close()
	rest, _ := io.ReadAll(lines)
	if err := child.Wait(); err != nil {
		t.Errorf("exit: %v", err)
	}
	if !strings.Contains(string(rest), `"kind":"accepted"`) {
		t.Errorf("the frames do not tell of the message: %s", rest)
	}
}
