//go:build !js

package main

import (
	"bytes"
	"context"
	"crypto/sha3"
	"crypto/tls"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/netio"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/tlslink"
	"example.org/smtpauth/protocol/trace"
)

var versions = map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}

// source is the randomness of a session's side.
func source(seed, side string) io.Reader {
	random := sha3.NewSHAKE256()
	random.Write([]byte(side + "\x00" + seed))
	return random
}

// A native session: both machines of a set-up, over sockets.
type native struct {
	frames []session.Frame // of the server
	lines  []string        // of the client: what it said and heard
	fault  *client.Fault
}

// run lets a set-up's session happen over sockets, with its clock and
// randomness.
func run(t *testing.T, made session.Setup) native {
	t.Helper()
	now := func() time.Time { return made.Start }
	centre, err := session.CentreOf(made, now)
	if err != nil {
		t.Fatal(err)
	}
	if made, err = session.WithRealm(made); err != nil {
		t.Fatal(err)
	}
	host, err := netio.NewServer(made.Server, sasl.Env{Rand: source(made.Seed, "server"), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	id, err := tlslink.MakeIdentity([]byte(made.Seed), made.Server.Host, made.Start, made.TLS.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	host.TLS = &tls.Config{Certificates: []tls.Certificate{id.Certificate}, Time: now, MaxVersion: versions[made.TLS.ServerMax], SessionTicketsDisabled: true}
	var out shared
	host.Watch, host.Record = (&frameWriter{out: &out, showSecrets: true}).watch, true
	l, err := netio.Listen(":0")
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan error, 1)
	go func() { over <- host.Serve(l, made.Server.Role) }()
	conn, err := netio.Dial(t.Context(), l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	var printed bytes.Buffer
	visitor := netio.Client{Plan: made.Client, Patience: 3 * time.Second,
		TLS:   &tls.Config{RootCAs: id.Pool, Time: now, MinVersion: versions[made.TLS.ClientMin]},
		Env:   sasl.Env{Rand: source(made.Seed, "client"), Now: now, Trace: trace.NewRecorder(trace.Client), KDC: centre},
		Watch: (&conversation{out: &printed, showSecrets: true}).watch}
	_, fault := visitor.Run(t.Context(), conn)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	host.Shutdown(ctx)
	if err := <-over; err != netio.ErrClosed {
		t.Error(err)
	}
	n := native{fault: fault, frames: (&served{out: &out}).frames(t)}
	for line := range strings.Lines(printed.String()) {
		if !strings.HasPrefix(line, "-- ") {
			n.lines = append(n.lines, strings.TrimSuffix(line, "\n"))
		}
	}
	return n
}

// What the page's session and the native server do is the same code: each
// scenario, over sockets and in memory, has the same lines, ends in the same
// fault, and has the same frames of the server, up to what TLS makes anew.
func TestNativeIsTheSameAsInMemory(t *testing.T) {
	compared := 0
	for _, sc := range scenario.All {
		if sc.Inputs != nil || livesInTheSession(sc.Setup()) {
			continue // somebody on the wire: sockets have none
		}
		t.Run(sc.ID, func(t *testing.T) {
			made := sc.Setup()
			s, err := session.New(made)
			if err != nil {
				t.Fatal(err)
			}
			s.Run()
			s.Close()
			got := run(t, made)
			var lines []string
			var fault *client.Fault
			for _, f := range s.Frames() {
				who := map[session.Side]string{session.Client: "C: ", session.Server: "S: "}[f.Side]
				for line := range strings.Lines(string(f.Octets)) {
					lines = append(lines, who+visible(strings.TrimSuffix(line, "\r\n")))
				}
				if fault == nil {
					fault = f.Fault()
				}
			}
			if !slices.Equal(got.lines, lines) {
				t.Errorf("over sockets\n%s\nin memory\n%s", strings.Join(got.lines, "\n"), strings.Join(lines, "\n"))
			}
			if (fault == nil) != (got.fault == nil) || fault != nil && *fault != *got.fault {
				t.Errorf("fault %v over sockets, %v in memory", got.fault, fault)
			}
			if over, in := serverSees(t, got.frames), serverSees(t, s.Frames()); over != in {
				t.Errorf("frames over sockets\n%s\nin memory\n%s", over, in)
			}
		})
		compared++
	}
	if compared < 15 {
		t.Errorf("only %d scenarios were compared", compared)
	}
}

// livesInTheSession reports whether a set-up has what only a session makes:
// somebody in the middle of TLS, a client certificate, a token; or what differs
// with each TLS connection.
func livesInTheSession(s session.Setup) bool {
	return s.TLS.Middle.On || s.TLS.Client != "" || s.Server.Tokens.Issuer != "" || slices.ContainsFunc(s.Client.Mechanisms, sasl.IsPlus)
}

// serverSees is what a server knows of a session: nothing of the client but
// what it said, of TLS that it was up or why not.
func serverSees(t *testing.T, frames []session.Frame) string {
	t.Helper()
	var seen []session.Frame
	for _, f := range frames {
		f.Client, f.ClientState, f.Wire, f.Session, f.Index = nil, client.State{}, nil, 0, len(seen)
		if f.TLS != nil {
			f.TLS = &tlslink.Facts{Version: f.TLS.Version, Subject: f.TLS.Subject}
		}
		if at := f.Base64; at != nil && f.Side == session.Client { // whose step is the client's
			f.Base64 = &machine.Base64{Offset: at.Offset, Length: at.Length}
		}
		if f.TLSFailure != nil { // each side has its own view of it
			f.TLSFailure = &tlslink.Failure{}
		}
		if f.Kind != session.End && !(f.Kind == session.Check && f.Side == session.Client) {
			seen = append(seen, f)
		}
	}
	text, err := json.MarshalIndent(seen, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Sessions recorded from a native server, said again to the machine in memory,
// get the same replies.
func TestReplay(t *testing.T) {
	for _, script := range []string{
		"EHLO a.example\r\nNOOP\r\nXYZZY\r\nVRFY tim\r\nAUTH FOOBAR\r\nAUTH LOGIN\r\n*\r\nAUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\nAUTH PLAIN\r\nQUIT\r\n",
		"HELO a\r\nMAIL FROM:<a@localhost>\r\nRCPT TO:<b@localhost>\r\nRCPT TO:<b@example.com>\r\nDATA\r\nSubject: x\r\n\r\n..\r\nQUIT\r\n.\r\nRSET\r\nQUIT\r\n",
		"MAIL FROM:<a@localhost>\r\nEHLO a\r\nAUTH PLAIN dGlt\r\nAUTH PLAIN =\r\nAUTH PLAIN %\r\nNO\nOP\r\n\r\nQUIT now\r\n" + strings.Repeat("x", 600) + "\r\nQUIT\r\n",
	} {
		policy, _, err := (&policyFlags{user: list{tim}, cleartext: true}).read(false)
		if err != nil {
			t.Fatal(err)
		}
		s := start(t, 1, "-listen", "127.0.0.1:0", "-user", tim, "-cleartext", "-json", "-show-secrets")
		conn, err := netio.Dial(t.Context(), s.addrs[0])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, script)
		heard, err := io.ReadAll(conn)
		conn.Close()
		if err != nil {
			t.Fatal(err)
		}
		s.stop()
		policy.Role = server.Submission
		host, err := server.New(policy, sasl.Env{Rand: source("another", "server"), Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		said, replies := "", ""
		answer := func(events []server.Event) {
			for _, e := range events {
				replies += string(e.Octets)
			}
		}
		answer(host.Step(machine.Input{Kind: machine.Connected}))
		for _, f := range s.frames(t) {
			if f.Side == session.Client {
				said += string(f.Octets)
				answer(host.Step(machine.Input{Kind: machine.Octets, Octets: f.Octets}))
			}
		}
		if said != script {
			t.Errorf("recorded %q, want %q", said, script)
		}
		if fresh(replies) != fresh(string(heard)) {
			t.Errorf("in memory %q, over the socket %q", replies, heard)
		}
	}
}

// fresh cuts the name that a message gets anew each time.
func fresh(replies string) string {
	before, name, found := strings.Cut(replies, "Message accepted as ")
	if !found {
		return replies
	}
	_, behind, _ := strings.Cut(name, "\r\n")
	return before + fresh(behind)
}
