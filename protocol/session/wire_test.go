package session_test

import (
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

func steps(n int) []session.Input { return []session.Input{{Kind: session.Step, Times: n}} }

// after are the inputs up to the frame in which one of the sides says line.
func after(t *testing.T, made session.Setup, line string) []session.Input {
	t.Helper()
	f, found := find(run(t, made), func(f session.Frame) bool { return strings.HasPrefix(string(f.Octets), line) })
	if !found {
		t.Fatalf("nobody says %q", line)
	}
	return steps(f.Index + 1)
}

func inject(toward session.Side, octets string) session.Input {
	return session.Input{Kind: session.Inject, Toward: toward, Octets: []byte(octets)}
}

// TLS-05: what waits behind STARTTLS is thrown away, never obeyed.
func TestCommandsInjectedBehindSTARTTLS(t *testing.T) {
	made := setup()
	s := run(t, made, append(after(t, made, "STARTTLS"),
		inject(session.Server, "MAIL FROM:<evil@example.net>\r\nRCPT TO:<tim@example.org>\r\n"))...)
	dropped, found := find(s, func(f session.Frame) bool {
		return slices.ContainsFunc(f.Server, func(e server.Event) bool { return e.Kind == machine.Dropped })
	})
	if !found || !strings.HasPrefix(string(dropped.Octets), "220 ") {
		t.Fatalf("the injected commands are not shown as dropped: %q", said(s))
	}
	lines := said(s)
	if i := slices.Index(lines, "S: 235 2.7.0 Authentication successful"); i < 0 {
		t.Errorf("the session does not go on: %q", lines)
	}
	if slices.Contains(lines, "S: 250 2.1.0 Sender OK") && strings.Count(strings.Join(lines, "\n"), "Sender OK") != 1 {
		t.Errorf("an injected command was obeyed: %q", lines)
	}
}

// TLS-06: what was said in clear text behind 220 is no reply inside TLS.
func TestReplyInjectedBehind220(t *testing.T) {
	made := setup()
	s := run(t, made, append(after(t, made, "220 2.0.0"), inject(session.Client, "250 AUTH PLAIN\r\n"))...)
	f, found := find(s, func(f session.Frame) bool { return f.Fault() != nil })
	if !found || f.Fault().ID != "injected" || f.Fault().Whose != client.ServerBroke {
		t.Errorf("the client takes it: %q", said(s))
	}
}

// TLS-20: STARTTLS stripped from the list stops a client that insists on it,
// before any credential is sent.
func TestSTARTTLSStripped(t *testing.T) {
	made := setup()
	list := "250-mail.example.org\r\n250 SIZE 1000\r\n"
	s := run(t, made, append(after(t, made, "250-mail"), session.Input{Kind: session.Change, Toward: session.Client, Octets: []byte(list)})...)
	f, _ := find(s, func(f session.Frame) bool { return f.Fault() != nil })
	if f.Fault() == nil || f.Fault().ID != "starttls-missing" {
		t.Errorf("no fault: %q", said(s))
	}
	if slices.ContainsFunc(said(s), func(l string) bool { return strings.HasPrefix(l, "C: AUTH") }) {
		t.Errorf("AUTH was sent: %q", said(s))
	}
}

func TestDroppedOnTheWire(t *testing.T) {
	made := setup(clear)
	s := run(t, made, append(after(t, made, "EHLO"), session.Input{Kind: session.Drop, Toward: session.Server})...)
	if last := s.Frames()[len(s.Frames())-1]; last.ClientState.Phase != client.Ehlo {
		t.Errorf("the client hears a reply to what never arrived: %q", said(s))
	}
	s.Apply(session.Input{Kind: session.Wait, Seconds: 300})
	s.Run()
	if !slices.ContainsFunc(said(s), func(l string) bool { return strings.HasPrefix(l, "S: 421") }) {
		t.Errorf("neither side gives up: %q", said(s))
	}
}

// A changed octet inside TLS ends the connection: nothing of it is obeyed.
func TestCiphertextChangedOnTheWire(t *testing.T) {
	made := setup()
	inputs := after(t, made, "AUTH CRAM-MD5")
	s, err := session.New(made, inputs...)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	wire := s.Frames()[len(s.Frames())-1].Wire
	changed := slices.Clone(wire[len(wire)-1].Octets)
	changed[len(changed)-1] ^= 1
	s.Apply(session.Input{Kind: session.Change, Toward: session.Server, Octets: changed})
	s.Run()
	f, found := find(s, func(f session.Frame) bool { return f.TLSFailure != nil })
	if !found || f.TLSFailure.Alert != "bad_record_mac" {
		t.Fatalf("TLSFailure = %+v", f.TLSFailure)
	}
	if last := s.Frames()[len(s.Frames())-1]; last.ServerState.Phase != server.Closed || last.ClientState.Phase != client.Closed {
		t.Errorf("client %q, server %q", last.ClientState.Phase, last.ServerState.Phase)
	}
	if slices.ContainsFunc(said(s), func(l string) bool { return strings.HasPrefix(l, "S: 334") }) {
		t.Error("the server obeyed it")
	}
}

func TestAPersonSpeaksInsideTLS(t *testing.T) {
	made := setup()
	s, err := session.New(made, append(after(t, made, "250-mail.example.org\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-ENH"),
		session.Input{Kind: session.Say, Side: session.Client, Octets: []byte("NOOP\r\n")}, session.Input{Kind: session.Step})...)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := len(s.Frames())
	if line, reply := s.Frames()[n-2], s.Frames()[n-1]; !line.Sealed || !reply.Sealed || !strings.HasPrefix(string(reply.Octets), "250 2.0.0") {
		t.Errorf("%q is answered with %q", line.Octets, reply.Octets)
	}
}

// What passes after the handshake is sealed: the wire holds no plain text of
// either side.
func TestAListenerUnderTLS(t *testing.T) {
	s := run(t, setup())
	secrets := []string{"AUTH", "dGlt", "tim@example.org", "free lunch"}
	sealed := 0
	for _, f := range s.Frames() {
		for _, c := range f.Wire {
			for _, secret := range secrets {
				if strings.Contains(string(c.Octets), secret) {
					t.Errorf("frame %d: %q passes in the clear", f.Index, secret)
				}
			}
		}
		if f.Sealed {
			sealed++
			if len(f.Wire) == 0 || f.Wire[0].Records == nil {
				t.Errorf("frame %d is sealed and has no records", f.Index)
			}
		}
	}
	if sealed < 10 {
		t.Errorf("%d sealed frames", sealed)
	}
}

// A side that expects implicit TLS meets one that does not (IMP-02, TLS-18).
func TestOneSideBeginsTLSAlone(t *testing.T) {
	onlyClient := setup(func(s *session.Setup) { s.Client.TLS = client.Implicit })
	s := run(t, onlyClient)
	if f, _ := find(s, func(f session.Frame) bool { return f.TLSFailure != nil }); f.TLSFailure == nil || f.TLSFailure.ID != "not-tls" {
		t.Errorf("client alone: %+v", f.TLSFailure)
	}
	onlyServer := setup(func(s *session.Setup) { scenario.SetRole(s, server.Submissions); s.Client.TLS = client.NoTLS })
	s = run(t, onlyServer, session.Input{Kind: session.Step},
		session.Input{Kind: session.Say, Side: session.Client, Octets: []byte("EHLO client.example.net\r\n")})
	for _, l := range said(s) {
		if strings.HasPrefix(l, "S: ") {
			t.Errorf("the server answers plain text: %q", l)
		}
	}
	if f, _ := find(s, func(f session.Frame) bool { return f.TLSFailure != nil }); f.TLSFailure == nil {
		t.Error("the server takes plain text for TLS")
	}
}
