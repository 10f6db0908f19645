package sasl

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"example.org/smtpauth/protocol/sasl/kerberos"
	"example.org/smtpauth/protocol/trace"
)

// recording is the exchange that was recorded between other programs.
func recording(t testing.TB) gssapiVector {
	t.Helper()
	all := gssapiVectors(t)
	i := slices.IndexFunc(all, func(v gssapiVector) bool { return v.ID == "gssapi-recorded-exchange" })
	if i < 0 || len(all[i].Out.Messages) != 6 {
		t.Fatal("no recording")
	}
	return all[i]
}

// The recorded exchange, server's half: given the service's key and what the
// recorded server chose at random, it accepts the recorded client and answers
// with the recorded AP-REP, octet by octet. GSS-03: a size that ought to be zero
// is taken.
func TestRecordingServer(t *testing.T) {
	v := recording(t)
	message := func(i int) Message { return Send(octetsOf(t, v.Out.Messages[i].Hex)) }
	session, answer := octetsOf(t, v.Steps.SessionKey), octetsOf(t, v.Out.Messages[1].Hex)
	reading := trace.NewRecorder(trace.Client)
	if _, opened, ok := kerberos.ReadProof(reading, answer, session); !opened || !ok {
		t.Fatal("the recorded AP-REP does not open")
	}
	confounder := find(t, reading.Take(), "confounded").Out.Octets[:16]
	rec := trace.NewRecorder(trace.Server)
	env := testEnv(0, rec)
	env.Now = func() time.Time { return recordedTime(t, v) }
	random := slices.Concat(octetsOf(t, v.Steps.Subkey).Octets, make([]byte, 16), binary.BigEndian.AppendUint32(nil, v.Steps.Server.Seq<<1), confounder)
	env.Rand = bytes.NewReader(random)
	store := newStore(t, hashedAccount("tim", "x"))
	server := mechanism(t, "GSSAPI").Server(store, ServerOptions{Host: testHost, GSSAPI: GSSAPIServer{Keytab: Keytab{Realm: v.In.Realm, Key: octetsOf(t, v.Steps.ServiceKey).Octets}}})
	got, err := server.Next(env, message(0))
	if err != nil || !got.Checked || got.Send.String() != answer.String() {
		t.Fatalf("%+v, %v, want %x", got, err, answer.Octets)
	}
	steps := rec.Take()
	wantOut(t, v.ID, steps, map[string]string{"ticket-plain": v.Steps.Ticket})
	for _, s := range steps {
		if s.Label == "session-key" && !bytes.Equal(s.Out.Octets, session.Octets) {
			t.Errorf("session key %x", s.Out.Octets)
		}
		if s.Label == "checksum" && !bytes.Equal(s.Out.Octets, octetsOf(t, v.Steps.Checksum).Octets) {
			t.Errorf("checksum %x", s.Out.Octets)
		}
	}
	if got, err = server.Next(env, message(2)); err != nil || !got.Send.Present {
		t.Fatalf("%+v, %v", got, err)
	}
	if got, err = server.Next(env, message(4)); err != nil || !got.Done || got.Authcid != "tim" || got.Authzid != "tim" {
		t.Fatalf("%+v, %v", got, err)
	}
	wantOut(t, v.ID, rec.Take(), map[string]string{"unwrapped": v.Steps.Client.Plaintext, "sent-wrap-checksum": v.Steps.Client.Checksum})
	// The same once more is a replay.
	_, err = mechanism(t, "GSSAPI").Server(store, ServerOptions{Host: testHost, GSSAPI: GSSAPIServer{Keytab: Keytab{Realm: v.In.Realm, Key: octetsOf(t, v.Steps.ServiceKey).Octets}}}).Next(env, message(0))
	wantFault(t, "replay", err, Error{Refused, "AUTH-27", "replayed"})
}

// Of several keys the one that the ticket names opens it, in whatever order they
// stand; a ticket that names one that is not there gets the newest of its type
// (RFC 4120 §5.2.9). The recorded ticket names its key by number.
func TestGSSAPIKeys(t *testing.T) {
	v := recording(t)
	request, ok := kerberos.ReadRequest(nil, octetsOf(t, v.Out.Messages[0].Hex))
	number := request.Ticket.Sealed.Version
	if !ok || number == 0 {
		t.Fatal("the recorded ticket does not say which key it wants")
	}
	right := ServiceKey{number, octetsOf(t, v.Steps.ServiceKey).Octets}
	newer, older, long := ServiceKey{number + 1, make([]byte, 16)}, ServiceKey{number - 1, make([]byte, 16)}, ServiceKey{number, make([]byte, 32)}
	for _, c := range []struct {
		name  string
		keys  []ServiceKey
		opens bool
	}{
		{"the only one", []ServiceKey{right}, true},
		{"an old one", []ServiceKey{newer, long, right, older}, true},
		{"the newest", []ServiceKey{long, right, older}, true},
		{"of another number, the newest", []ServiceKey{{number + 1, right.Key}, older}, true},
		{"of another number, not the newest", []ServiceKey{newer, {number - 1, right.Key}}, false},
		{"of another type", []ServiceKey{long}, false},
		{"none of them", []ServiceKey{newer, older}, false},
	} {
		env := testEnv(0, nil)
		env.Now = func() time.Time { return recordedTime(t, v) }
		k := Keytab{Realm: v.In.Realm, Key: c.keys[0].Key, Keys: c.keys}
		_, err := mechanism(t, "GSSAPI").Server(newStore(t, hashedAccount("tim", "x")), ServerOptions{Host: testHost, GSSAPI: GSSAPIServer{Keytab: k}}).Next(env, Send(octetsOf(t, v.Out.Messages[0].Hex)))
		if c.opens && err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if !c.opens {
			wantFault(t, c.name, err, Error{Refused, "GSS-07", "wrong-service-key"})
		}
	}
}

func recordedTime(t testing.TB, v gssapiVector) time.Time {
	at, err := time.Parse("20060102150405Z", v.Steps.Time)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// The recorded exchange, client's half: with the session key, and the
// authenticator that it had sent, it takes the recorded answers.
func TestRecordingClient(t *testing.T) {
	v := recording(t)
	rec := trace.NewRecorder(trace.Client)
	env := testEnv(0, rec)
	session := octetsOf(t, v.Steps.SessionKey)
	request, ok := kerberos.ReadRequest(nil, octetsOf(t, v.Out.Messages[0].Hex))
	sent, opened := request.Open(nil, session)
	if !ok || !opened {
		t.Fatal("the recorded AP-REQ does not open")
	}
	if name := request.Ticket.Service.String(); name != "smtp/mail.example.org" { // GSS-04
		t.Errorf("the ticket is for %s", name)
	}
	client := &gssapiClient{state: gssapiReply, session: session, request: sent, authzid: trace.Constant("tim")}
	got, err := client.Next(env, Send(octetsOf(t, v.Out.Messages[1].Hex)))
	if err != nil || !got.Checked || !got.Send.Present || len(got.Send.Octets) != 0 || got.Done { // GSS-05
		t.Fatalf("%+v, %v", got, err)
	}
	wantOut(t, v.ID, rec.Take(), map[string]string{"subkey": v.Steps.Subkey})
	got, err = client.Next(env, Send(octetsOf(t, v.Out.Messages[3].Hex)))
	if err != nil || !got.Done {
		t.Fatalf("%+v, %v", got, err)
	}
	wantOut(t, v.ID, rec.Take(), map[string]string{"unwrapped": v.Steps.Server.Plaintext, "sent-wrap-checksum": v.Steps.Server.Checksum})
	// As the recorded client writes it, but for the size, which GSS-03 wants zero.
	recorded := octetsOf(t, v.Out.Messages[4].Hex).Octets
	if !bytes.Equal(got.Send.Octets[:16], recorded[:16]) || got.Send.String()[16:23] != "\x01\x00\x00\x00tim" {
		t.Errorf("%x, recorded %x", got.Send.Octets, recorded)
	}
}
