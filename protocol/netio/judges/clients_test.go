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
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
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
	chooses    bool                    // it cannot be told which mechanism to take of several
	hangsUp    string                  // the mechanism whose error it does not answer
	letter     string                  // the one that it sends in place of ours
	// send authenticates and sends the letter. The error says what the client
	// said.
	send func(*testing.T, task) error
}

var clients = []clientJudge{swaks, curl, msmtp, smtplib, nodemailer, netSMTP, goMail, openssl, gsasl}

// A task is what a client is told to do; scripts read it as JSON.
type task struct {
	which     string     // right or wrong
	realm     *realm     // of GSSAPI
	Mechanism string     `json:"mechanism"`
	TLS       client.TLS `json:"tls"`
	Host      string     `json:"host"`
	Port      string     `json:"port"`
	CA        string     `json:"ca"` // a file
	User      string     `json:"user"`
	Password  string     `json:"password"`
	Token     string     `json:"token"`
	Cert      string     `json:"cert"` // a file, of the user's certificate
	Key       string     `json:"key"`  // a file
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
		t.Run(mechanism, func(t *testing.T) {
			t.Parallel()
			t.Cleanup(func() { r.count(t, mechanism) })
			var centre *realm // ends when all cases have
			if keyed(mechanism) {
				centre = newRealm(t)
			}
			for _, tls := range ways {
				if !possible(mechanism, tls) || tls == client.NoTLS && shown(mechanism) && !j.inClear {
					continue
				}
				for _, do := range tasks(mechanism, tls) {
					do.realm = centre
					t.Run(string(tls)+"/"+do.which, func(t *testing.T) {
						t.Parallel()
						j.try(t, do, do.which == "right")
					})
				}
			}
		})
	}
}

// tasks are what is tried: with what proves the user, and with what does not.
func tasks(mechanism string, tls client.TLS) []task {
	right := task{which: "right", Mechanism: mechanism, TLS: tls, User: user, Password: password, Token: token, From: from, To: to}
	wrong := right
	wrong.which, wrong.Password, wrong.Token = "wrong", password+"x", "x"+token
	if mechanism == "ANONYMOUS" { // nothing can be wrong, and nothing is relayed
		right.To = "ann@" + name
		return []task{right}
	}
	return []task{right, wrong}
}

// try has the client do its task, and compares what both sides say of it.
func (j clientJudge) try(t *testing.T, do task, right bool) {
	offered := everything()
	if j.chooses || do.realm != nil {
		offered = do.Mechanism
	}
	s := serve(t, offered, do.TLS == client.NoTLS, do.keytab()...)
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
	if do.Mechanism == "EXTERNAL" {
		whose := user
		if !right {
			whose = "eve" // who has no account
		}
		do.Cert, do.Key = clients509().write(t, whose)
	}
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
		reply := 535
		if j.hangsUp == do.Mechanism {
			reply = 0
		}
		if seen.reply != reply || len(seen.accepted) > 0 {
			t.Errorf("AUTH was answered %d, messages: %d; want %d and none", seen.reply, len(seen.accepted), reply)
		}
		if do.realm != nil && seen.reason != "wrong-service-key" {
			t.Errorf("the ticket was refused for %q", seen.reason)
		}
		return
	}
	if seen.reply != 235 || len(seen.accepted) != 1 {
		t.Fatalf("AUTH was answered %d, messages: %d; want 235 and one", seen.reply, len(seen.accepted))
	}
	m := seen.accepted[0]
	if f := m.Envelope.ForwardPaths; m.Envelope.ReversePath.Mailbox() != from || len(f) != 1 || f[0].Mailbox() != do.To {
		t.Errorf("envelope %+v", m.Envelope)
	}
	_, got, traced := strings.Cut(string(m.Text), "+0000\r\n") // behind our Received line
	if !traced || got != want {
		t.Errorf("the message is %q, want %q", got, want)
	}
}

// everything is all that authlab serves without a Kerberos centre.
func everything() string {
	var names []string
	for _, m := range sasl.Mechanisms() {
		if !m.Keyed {
			names = append(names, m.Name)
		}
	}
	return strings.Join(names, ",")
}

// A served is authlab serve as it runs.
type served struct {
	process         *exec.Cmd
	clear, implicit string      // addresses
	ca              string      // a file
	frames          chan []byte // all that it prints, once it has ended
	errs            bytes.Buffer
}

// serve starts it with a list of mechanisms; cleartext offers passwords without TLS.
func serve(t *testing.T, offered string, cleartext bool, more ...string) *served {
	t.Helper()
	s := &served{frames: make(chan []byte, 1), process: exec.Command(authlab, "serve", "-listen", "127.0.0.1:0", "-tls-listen", "127.0.0.1:0", "-host", name,
		"-user", user+":"+password, "-token", user+"="+token, "-client-ca", clients509().root(t), "-ntlm-v1", "-mechanisms", offered,
		"-require-auth", "-print-ca", "-json", "-drain-time", "10s")}
	s.process.Args = append(s.process.Args, more...)
	if cleartext {
		s.process.Args = append(s.process.Args, "-cleartext")
	}
	s.process.Stderr, s.process.SysProcAttr = &s.errs, group
	out, err := s.process.StdoutPipe()
	if err == nil {
		err = s.process.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.process.Process.Kill() }) // if it was not stopped
	lines := bufio.NewReader(out)
	var root strings.Builder
	for s.implicit == "" {
		line, err := lines.ReadString('\n')
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
	go func() { // as it comes: a pipe that is full would hold the server up
		text, _ := io.ReadAll(lines)
		s.frames <- text
	}()
	return s
}

// What authlab saw of a session.
type seen struct {
	mechanism string
	tls       bool   // when AUTH came
	reply     int    // that ended the exchange
	reason    string // why credentials were refused
	accepted  []server.Message
}

// stop ends it as an operator would and returns what it tells.
func (s *served) stop(t *testing.T) (all seen) {
	t.Helper()
	s.process.Process.Signal(syscall.SIGTERM)
	decoder := json.NewDecoder(bytes.NewReader(<-s.frames))
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
			case e.Kind == machine.Took && len(words) > 1 && words[0] == "AUTH":
				all.mechanism, all.tls = words[1], f.ServerState.TLS
			case e.Kind == machine.Said && e.Reply != nil && slices.Contains([]int{235, 501, 535}, e.Reply.Code):
				all.reply = e.Reply.Code
			case e.Kind == machine.Checked && !e.Holds:
				all.reason = e.Reason
			case e.Kind == machine.Accepted:
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
	conn, err := net.DialTimeout("tcp", addr, patience)
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
