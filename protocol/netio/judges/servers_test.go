//go:build !js

package judges

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	mathrand "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.org/smtpauth/protocol/client"
)

// A serverJudge is a server that is not ours.
type serverJudge struct {
	name       string
	version    func(*testing.T) string // it is there; else the test ends
	mechanisms []string                // that it has
	tls        []client.TLS            // the ways in which it begins TLS; all of them where there are none
	refusals   map[string]string       // the sentences of a wrong secret that are not the usual one
	ntlm       string                  // -ntlm, where it takes no NTLMv2
	// localLines: it keeps messages with LF at the ends of lines.
	localLines bool
	// start starts it, to be stopped when the test ends. It has user and
	// password, and keeps each message for to as a file in site.Box.
	start func(*testing.T, site)
}

var servers = []serverJudge{aiosmtpd, smtpServer, goSMTP, exim, openSMTPD, postfixDovecot, postfixCyrus, haraka}

// A site is where a server runs; scripts read it as JSON.
type site struct {
	Dir      string `json:"dir"` // its own
	Box      string `json:"box"` // a folder in it, for messages
	Host     string `json:"host"`
	Clear    string `json:"clear"`    // the port for clear text and STARTTLS
	Implicit string `json:"implicit"` // the port for implicit TLS
	Cert     string `json:"cert"`     // a file
	Key      string `json:"key"`      // a file
	CA       string `json:"ca"`       // a file
	Users    string `json:"users"`    // a file: the root of clients' certificates
	KDC      string `json:"kdc"`      // a port for a Kerberos centre
	User     string `json:"user"`
	Password string `json:"password"`
	Token    string `json:"token"`
}

func (s site) json() string {
	text, _ := json.Marshal(s) // strings always can
	return string(text)
}

// fill writes a configuration from testdata: ${dir} and the like stand for what
// the site has.
func (s site) fill(t *testing.T, name string, more ...string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	pairs := append([]string{"${dir}", s.Dir, "${box}", s.Box, "${host}", s.Host, "${clear}", s.Clear, "${implicit}", s.Implicit,
		"${cert}", s.Cert, "${key}", s.Key, "${users}", s.Users, "${kdc}", s.KDC, "${user}", s.User, "${password}", s.Password}, more...)
	path := filepath.Join(s.Dir, filepath.Base(name))
	if err := os.WriteFile(path, []byte(strings.NewReplacer(pairs...).Replace(string(text))), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// newSite makes a site below a folder that others may enter: servers run as
// users of their own.
func newSite(t *testing.T) site {
	t.Helper()
	dir, err := os.MkdirTemp("", "judge")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := site{Dir: dir, Box: filepath.Join(dir, "box"), Host: host, Clear: freePort(t), Implicit: freePort(t), KDC: freePort(t),
		User: user, Password: password, Token: token,
		Cert: filepath.Join(dir, "cert.pem"), Key: filepath.Join(dir, "key.pem"), CA: filepath.Join(dir, "ca.pem"), Users: filepath.Join(dir, "users.pem")}
	writeIdentity(t, s)
	if err := errors.Join(os.Mkdir(s.Box, 0o700), os.Chmod(s.Box, 0o777), os.Chmod(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	return s
}

// freePort is a port of loopback that nobody has now, and nobody gets unasked:
// it is below those that the system hands out.
func freePort(t *testing.T) string {
	t.Helper()
	for range 100 {
		port := strconv.Itoa(10000 + mathrand.IntN(20000))
		if l, err := net.Listen("tcp", "127.0.0.1:"+port); err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return ""
}

func (j serverJudge) judge(t *testing.T) {
	r := meet("`authlab connect`", j.name, j.version(t))
	s := newSite(t)
	j.start(t, s)
	ways := j.tls
	if ways == nil {
		ways = []client.TLS{client.NoTLS, client.StartTLS, client.Implicit}
	}
	for _, port := range []string{s.Clear, s.Implicit} {
		if port == s.Clear || slices.Contains(ways, client.Implicit) {
			await(t, net.JoinHostPort("127.0.0.1", port))
		}
	}
	t.Run("cases", func(t *testing.T) { // ends when all have, and then the server
		for _, mechanism := range both(j.mechanisms) {
			for _, tls := range ways {
				if !possible(mechanism, tls) {
					continue
				}
				for _, do := range tasks(mechanism, tls) {
					t.Run(mechanism+"/"+string(tls)+"/"+do.which, func(t *testing.T) {
						t.Parallel()
						t.Cleanup(func() { r.count(t, mechanism) })
						j.try(t, s, do)
					})
				}
			}
		}
	})
}

// try has authlab connect authenticate and send a letter of its own.
func (j serverJudge) try(t *testing.T, s site, do task) {
	port := s.Clear
	if do.TLS == client.Implicit {
		port = s.Implicit
	}
	id := strings.ToLower(rand.Text())
	want := letterFor(id)
	args := []string{"connect", "-addr", net.JoinHostPort("127.0.0.1", port), "-server-name", s.Host, "-mechanism", do.Mechanism,
		"-tls", string(do.TLS), "-ca", s.CA, "-command-time", patience.String(), "-send", "-from", from, "-to", to, "-message", file(t, "letter", want)}
	switch {
	case do.Mechanism == "ANONYMOUS":
		args = append(args, "-user", user) // a trace: Postfix takes an empty response for none
	case do.Mechanism == "EXTERNAL":
		whose := user
		if do.which == "wrong" {
			whose = "eve"
		}
		cert, key := clients509().write(t, whose)
		args = append(args, "-cert", cert, "-key", key)
	case byToken(do.Mechanism):
		args = append(args, "-user", user, "-token", do.Token)
	default:
		args = append(args, "-user", user, "-password", do.Password, "-ntlm", j.ntlm, "-kdc", net.JoinHostPort("127.0.0.1", s.KDC))
	}
	out, err := run(t, "", authlab, args...)
	if do.which == "wrong" {
		usual := map[bool]string{true: "it does not take the certificate for this user", false: "name or password are wrong"}[do.Mechanism == "EXTERNAL"]
		if byToken(do.Mechanism) {
			usual = "it does not take the token"
		}
		sentence := "authlab connect: " + cmp.Or(j.refusals[do.Mechanism], "the server refused: "+usual+" (reply 535; AUTH-27, RFC 4954 §6).")
		if err == nil || !strings.Contains(out, sentence) {
			t.Errorf("a wrong password: %v: %s, want %s", err, out, sentence)
		}
		return
	}
	if err != nil || !strings.Contains(out, "C: AUTH "+do.Mechanism) || !strings.Contains(out, "S: 235") {
		t.Fatalf("%v: %s", err, out)
	}
	if j.localLines {
		want = strings.ReplaceAll(want, "\r\n", "\n")
	}
	got := kept(t, s.Box, id)
	if at := strings.Index(got, want[:40]); at < 0 || got[at:] != want { // its own lines stand on top
		t.Errorf("it keeps %q, want %q", got, want)
	}
}

// kept waits for the message with an id in a folder and those below.
func kept(t *testing.T, box, id string) string {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		found := ""
		filepath.WalkDir(box, func(name string, d os.DirEntry, err error) error {
			unfinished := filepath.Ext(name) == ".part" || filepath.Base(filepath.Dir(name)) == "tmp" // of a maildir
			if err == nil && d.Type().IsRegular() && !unfinished {
				if text, err := os.ReadFile(name); err == nil && strings.Contains(string(text), id) {
					found = string(text)
				}
			}
			return nil
		})
		if found != "" {
			return found
		}
	}
	t.Fatalf("the message %s does not arrive", id)
	return ""
}

// background starts a program that ends with the test, by its pid.
func background(t *testing.T, in, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Stdin = strings.NewReader(in)
	log, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = group
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		context.AfterFunc(ctx, func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
		syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		cmd.Wait()
		if text, _ := os.ReadFile(log.Name()); t.Failed() {
			t.Logf("%s: %s", filepath.Base(program), text)
		}
		log.Close()
	})
}

// await waits until somebody listens.
func await(t *testing.T, addr string) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if conn, err := net.Dial("tcp", addr); err == nil {
			conn.Close()
			return
		}
	}
	t.Fatalf("nobody listens at %s after %s", addr, patience)
}
