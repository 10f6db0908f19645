package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/trace"
)

// A lodging is where one host after the other is made of the same parts: a
// fresh one, or the one that has served before.
type lodging struct {
	policy Policy
	store  *sasl.Store
	rand   *rand.ChaCha8
	used   *host // its machine serves again and again
}

func newLodging(t *testing.T, p Policy) *lodging {
	t.Helper()
	l := &lodging{policy: p, rand: rand.NewChaCha8([32]byte{1}), used: &host{now: begin, t: t}}
	store, err := sasl.NewStore(&sasl.Env{Rand: l.rand}, p.Accounts)
	if err != nil {
		t.Fatal(err)
	}
	l.store = store
	l.used.Server = l.machine(l.used)
	return l
}

func (l *lodging) machine(h *host) *Server {
	s := NewWithStore(l.policy, l.store, sasl.Env{Rand: l.rand, Now: func() time.Time { return h.now }, Trace: trace.NewRecorder(trace.Server)})
	s.Reuse()
	return s
}

func (l *lodging) fresh() *host {
	l.rand.Seed([32]byte{1})
	h := &host{now: begin, t: l.used.t}
	h.Server = l.machine(h)
	return h
}

func (l *lodging) again() *host {
	l.rand.Seed([32]byte{1})
	l.used.now = begin
	l.used.Again()
	return l.used
}

// stay lets the first turns of a dialogue happen, and returns the events as
// long as they are there.
func (d *dialogue) stay(t *testing.T, h *host, turns int) (events [][]byte) {
	t.Helper()
	if d.given != nil {
		lead(t, h, d.name, d.given, whole)
	}
	for _, turn := range d.turns[:turns] {
		text, err := json.Marshal(d.do(t, h, turn, whole))
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, text)
	}
	return events
}

// Every dialogue, also when it breaks off behind any turn, leaves nothing to
// the session that comes after it in the same machine: that begins in the state
// of a new one, and has its events.
func TestAgainIsNew(t *testing.T) {
	lodgings, touched := map[string]*lodging{}, map[string]bool{}
	for _, d := range dialogues(t) {
		l := lodgings[d.policy]
		if l == nil {
			l = newLodging(t, policies[d.policy]())
			lodgings[d.policy] = l
		}
		for turns := range len(d.turns) + 1 {
			d.stay(t, l.again(), turns)
			soil(l.used.Server)
			differ(touched, l.used.Server, l.fresh().Server)
			likeNew(t, d.name, l.again().Server, l.fresh().Server)
		}
		want := d.stay(t, l.fresh(), len(d.turns))
		if got := d.stay(t, l.again(), len(d.turns)); !slices.EqualFunc(got, want, bytes.Equal) {
			t.Errorf("%s: in a machine that has served\n%s\nin a new one\n%s", d.name, bytes.Join(got, []byte("\n")), bytes.Join(want, []byte("\n")))
		}
	}
	for i := range reflect.TypeFor[Server]().NumField() {
		switch name := reflect.TypeFor[Server]().Field(i).Name; name {
		case "made", "env", "store", "deliver", "budget", "reuses", "room": // what the next session has too
		default:
			if !touched[name] {
				t.Errorf("no session changes %s", name)
			}
		}
	}
}

// soil leaves what no dialogue does.
func soil(s *Server) {
	s.Pin("<pinned@mail.example.org>", "pinned", "pinned")
	s.quirks.Note("noted")
	s.asked, s.channel, s.layered, s.spared, s.added = &Asked{}, sasl.Channel{TLS: true, Client: "tim"}, true, 1, 1
	s.spelled, s.tried = machine.Base64{Length: 4}, []Test{{}}
}

// differ notes the fields in which a machine is other than a new one.
func differ(touched map[string]bool, used, fresh *Server) {
	for i := range reflect.TypeFor[Server]().NumField() {
		show := func(s *Server) string { return fmt.Sprintf("%+v", reflect.ValueOf(s).Elem().Field(i)) }
		if show(used) != show(fresh) {
			touched[reflect.TypeFor[Server]().Field(i).Name] = true
		}
	}
}

// likeNew compares all that a machine holds with what a new one does, its room
// apart, which is empty.
func likeNew(t *testing.T, name string, got, fresh *Server) {
	t.Helper()
	used, unused := *got, *fresh
	for _, s := range []*Server{&used, &unused} {
		s.room, s.env.Now, s.env.Trace = room{}, nil, nil // what does not compare: a recorder's events do
	}
	if !reflect.DeepEqual(used, unused) || used.policy != used.made {
		t.Errorf("%s leaves\n%+v\nwant\n%+v", name, used, unused)
	}
	if len(got.log)+len(got.replies)+len(got.octets) > 0 ||
		slices.ContainsFunc(got.log[:cap(got.log)], func(e Event) bool { return !reflect.ValueOf(e).IsZero() }) ||
		slices.ContainsFunc(got.replies[:cap(got.replies)], func(r smtp.Reply) bool { return !reflect.ValueOf(r).IsZero() }) ||
		len(bytes.Trim(got.octets[:cap(got.octets)], "\x00")) > 0 {
		t.Errorf("%s leaves events: %+v", name, got.room)
	}
	for _, r := range got.hosts {
		if again := got.named(r.Code, r.Enhanced, strings.TrimPrefix(r.Lines[0], fresh.policy.Host)); !reflect.DeepEqual(again, r) || len(r.Lines) != 1 || len(got.hosts) > 10 {
			t.Errorf("%s leaves the reply %q", name, r)
		}
	}
	for now, lines := range got.listings {
		fresh.state.TLS, fresh.state.Binds = now[0], now[1]
		if want := fresh.listing([]string{fresh.policy.Host}); !slices.Equal(lines, want) {
			t.Errorf("%s leaves the list %q, want %q", name, lines, want)
		}
	}
}

// CMD-24: who sends many commands at once does not make the room large for those
// who come after.
func TestRoomStaysSmall(t *testing.T) {
	h := newLodging(t, clearPolicy()).used
	h.Step(machine.Input{Kind: machine.Connected})
	if n := len(h.say(strings.Repeat("NOOP\r\n", 1000))); n < 2000 {
		t.Fatalf("%d events", n)
	}
	if h.Again(); cap(h.log) > mostEvents || cap(h.replies) > mostEvents || cap(h.octets) > mostOctets {
		t.Errorf("there is room for %d events, %d replies, %d octets", cap(h.log), cap(h.replies), cap(h.octets))
	}
}
