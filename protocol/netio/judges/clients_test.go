//go:build !js

package judges

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// A clientJudge is a client that is not ours.
type clientJudge struct {
	name       string
	version    func(*testing.T) string // it is there; else the test ends
	mechanisms []string                // that it has
	tls        []client.TLS            // the ways in which it begins TLS; all of them where there are none
	inClear    bool                    // it sends a password in clear text when told to
	letter     string                  // the one that it sends in place of ours
	// send authenticates and sends the letter. The error says what the client
	// said.
	send func(*testing.T, task) error
}

var clients = []clientJudge{swaks, curl, msmtp, smtplib, nodemailer, netSMTP, goMail, openssl, gsasl}

// A task is what a client is told to do; scripts read it as JSON.
type task struct {
	Mechanism string     `json:"mechanism"`
	TLS       client.TLS `json:"tls"`
	Host      string     `json:"host"`
	Port      string     `json:"port"`
	CA        string     `json:"ca"` // a file
	User      string     `json:"user"`
	Password  string     `json:"password"`
	From      string     `json:"from"`
	To        string     `json:"to"`
	Letter    []byte     `json:"letter"`
}

func (t task) addr() string { return net.JoinHostPort(t.Host, t.Port) }

func (t task) json() string {
	text, _ := json.Marshal(t) // strings and octets always can
	return string(text)
}

func (j clientJudge) judge(t *testing.T) {
	r := meet("`authlab serve`", j.name, j.version(t))
	ways := j.tls
	if ways == nil {
		ways = []client.TLS{client.NoTLS, client.StartTLS, client.Implicit}
	}
	for _, mechanism := range both(j.mechanisms) {
		for _, tls := range ways {
			if tls == client.NoTLS && (shown(mechanism) && !j.inClear || bound(mechanism)) {
				continue
			}
			for which, secret := range map[string]string{"right": password, "wrong": password + "x"} {
				t.Run(mechanism+"/"+string(tls)+"/"+which, func(t *testing.T) {
					t.Parallel()
					t.Cleanup(func() { r.count(t, mechanism) })
					j.try(t, task{Mechanism: mechanism, TLS: tls, User: user, Password: secret, From: from, To: to}, which == "right")
				})
			}
		}
	}
}

// try has the client do its task, and compares what both sides say of it.
func (j clientJudge) try(t *testing.T, do task, right bool) {
	s := serve(t, do.TLS == client.NoTLS)
	addr := s.clear
	if do.TLS == client.Implicit {
		addr = s.implicit
	}
	_, do.Port, _ = net.SplitHostPort(addr)
	do.Host = name // DIGEST-MD5's digest-uri has it (RFC 2831 §2.1.2)
	want := letterFor("judge")
	if j.letter != "" {
		want = j.letter
	}
	do.CA, do.Letter = s.ca, []byte(want)
	err := j.send(t, do)
	seen := s.stop(t)
	switch {
	case right && err != nil:
		t.Errorf("the client failed: %v", err)
	case !right && err == nil:
		t.Error("the client took a wrong password for right")
	}
	if seen.mechanism != do.Mechanism || seen.tls != (do.TLS != client.NoTLS) {
		t.Errorf("AUTH %s, in TLS: %v; want %s %s", seen.mechanism, seen.tls, do.Mechanism, do.TLS)
	}
	if !right {
		if seen.reply != 535 || len(seen.accepted) > 0 {
			t.Errorf("AUTH was answered %d, messages: %d; want 535 and none", seen.reply, len(seen.accepted))
		}
		return
	}
	if seen.reply != 235 || len(seen.accepted) != 1 {
		t.Fatalf("AUTH was answered %d, messages: %d; want 235 and one", seen.reply, len(seen.accepted))
	}
	m := seen.accepted[0]
	if f := m.Envelope.ForwardPaths; m.Envelope.ReversePath.Mailbox() != from || len(f) != 1 || f[0].Mailbox() != to {
		t.Errorf("envelope %+v", m.Envelope)
	}
	_, got, traced := strings.Cut(string(m.Text), "+0000\r\n") // behind our Received line
	if !traced || got != want {
		t.Errorf("the message is %q, want %q", got, want)
	}
}

// A served is authlab serve as it runs.
type served struct {
	process         *exec.Cmd
	clear, implicit string // addresses
	ca              string // a file
	out             *bufio.Reader
	errs            bytes.Buffer
}

// serve starts it; cleartext offers passwords without TLS.
func serve(t *testing.T, cleartext bool) *served {
	t.Helper()
	s := &served{process: exec.Command(authlab, "serve", "-listen", "127.0.0.1:0", "-tls-listen", "127.0.0.1:0", "-host", name,
		"-user", user+":"+password, "-require-auth", "-print-ca", "-json", "-drain-time", "2s")}
	if cleartext {
		s.process.Args = append(s.process.Args, "-cleartext")
	}
	s.process.Stderr = &s.errs
	out, err := s.process.StdoutPipe()
	if err == nil {
		err = s.process.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.process.Process.Kill() }) // if it was not stopped
	s.out = bufio.NewReader(out)
	var root strings.Builder
	for s.implicit == "" {
		line, err := s.out.ReadString('\n')
		addr, ready := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
		switch {
		case err != nil:
			t.Fatalf("authlab serve: %v: %s", err, s.errs.String())
		case !ready:
			root.WriteString(line)
		case s.clear == "":
			s.clear = addr
		default:
			s.implicit = addr
		}
	}
	s.ca = file(t, "ca.pem", root.String())
	return s
}

// What authlab saw of a session.
type seen struct {
	mechanism string
	tls       bool // when AUTH came
	reply     int  // that ended the exchange
	accepted  []server.Message
}

// stop ends it as an operator would and returns what it tells.
func (s *served) stop(t *testing.T) (all seen) {
	t.Helper()
	s.process.Process.Signal(syscall.SIGTERM)
	decoder := json.NewDecoder(s.out)
	for {
		var f session.Frame
		if err := decoder.Decode(&f); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("frames: %v", err)
		}
		for _, e := range f.Server {
			words := strings.Fields(string(e.Line))
			switch {
			case e.Kind == server.Took && len(words) > 1 && words[0] == "AUTH":
				all.mechanism, all.tls = words[1], f.ServerState.TLS
			case e.Kind == server.Said && e.Reply != nil && (e.Reply.Code == 235 || e.Reply.Code == 535):
				all.reply = e.Reply.Code
			case e.Kind == server.Accepted:
				all.accepted = append(all.accepted, *e.Message)
			}
		}
	}
	if err := s.process.Wait(); err != nil {
		t.Errorf("authlab serve: %v: %s", err, s.errs.String())
	}
	return all
}

// dial connects as a client in Go does.
func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(patience))
	t.Cleanup(func() { conn.Close() })
	return conn
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
