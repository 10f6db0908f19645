package view

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

func tell(t *testing.T, id string, changes ...func(*session.Setup)) *Story {
	t.Helper()
	frames, _ := ranFrames(t, id, changes...)
	return Tell(frames)
}

// text is all that an entry says.
func (e Entry) text() string {
	var lines []string
	for _, l := range e.Lines {
		lines = append(lines, join(l))
	}
	if len(e.Says) > 0 {
		lines = append(lines, "says "+join(e.Says))
	}
	for _, n := range e.Notes {
		lines = append(lines, n.ID)
	}
	return strings.Join(lines, " | ")
}

// The default scenario, RFC 2195's example on port 587, as the conversation
// shows it.
func TestDefaultScenario(t *testing.T) {
	s := tell(t, scenario.Default)
	for _, test := range []struct {
		at     int
		kind   session.FrameKind
		side   session.Side
		closed bool
		text   string
	}{
		{0, session.Line, session.Server, false, "220 mail.example.org ESMTP ready"},
		{1, session.Line, session.Client, false, "EHLO client.example.net"},
		{2, session.Line, session.Server, false, "250-mail.example.org | 250-PIPELINING | 250-8BITMIME | 250-STARTTLS | " +
			"250-ENHANCEDSTATUSCODES | 250 SIZE 10485760 | ui.note.no-auth"},
		{3, session.Line, session.Client, false, "STARTTLS"},
		{5, session.Handshake, session.Client, false, ""},
		{6, session.Line, session.Client, true, "EHLO client.example.net | ui.note.again"},
		{8, session.Line, session.Client, true, "AUTH CRAM-MD5"},
		{9, session.Line, session.Server, true, "334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+ | " +
			"says <1896.697170952@postoffice.reston.mci.net>"},
		{10, session.Line, session.Client, true, "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw | says tim b913a602c7eda7a495b4e6e7334d3890"},
		{11, session.Check, session.Server, true, ""},
		{12, session.Line, session.Server, true, "235 2.7.0 Authentication successful"},
		{23, session.End, session.Client, true, ""},
	} {
		e := s.Entries[test.at]
		if e.Index != test.at || e.Kind != test.kind || e.Side != test.side || e.Closed != test.closed || e.text() != test.text {
			t.Errorf("entry %d = %s %s closed %v %q, want %s %s closed %v %q", test.at,
				e.Kind, e.Side, e.Closed, e.text(), test.kind, test.side, test.closed, test.text)
		}
	}
	if n := len(s.Entries); n != 24 {
		t.Errorf("%d entries, want 24", n)
	}
	if tube := s.Entries[5].Tube; tube == nil || tube.Facts == nil || tube.Facts.Version != "TLS 1.3" || len(tube.Records) != 9 || tube.Octets < 2000 {
		t.Errorf("handshake = %+v", tube)
	}
	if v := s.Entries[11].Check; v == nil || !v.Holds || v.Reason != "" || v.Pair == nil || !v.Pair.Holds {
		t.Errorf("check = %+v", v)
	}
	if o := s.Entries[23].Over; o == nil || !o.Proved || o.Words[0].ID != "ui.end.delivered" || fmt.Sprint(o.Words[0].Args) != "[user tim]" {
		t.Errorf("end = %+v", o)
	}
}

// Runs tell the parts of a line apart.
func TestLineRuns(t *testing.T) {
	s := tell(t, "plain-initial")
	for _, test := range []struct {
		at, line int
		want     Line
	}{
		{0, 0, Line{{Code, "220 "}, {Plain, "mail.example.org ESMTP ready"}}},
		{4, 0, Line{{Code, "220 "}, {Enhanced, "2.0.0 "}, {Plain, "Ready to start TLS"}}},
		{8, 0, Line{{Verb, "AUTH"}, {Plain, " "}, {Mech, "PLAIN"}, {Plain, " "}, {Base64, "AHRpbQB0YW5zdGFhZnRhbnN0YWFm"}}},
	} {
		if got := s.Entries[test.at].Lines[test.line]; !slices.Equal(got, test.want) {
			t.Errorf("line %d of entry %d = %q, want %q", test.line, test.at, got, test.want)
		}
	}
	says := []Run{{Control, "␀"}, {Plain, "tim"}, {Control, "␀"}, {Plain, "tanstaaftanstaaf"}}
	if got := s.Entries[8].Says; !slices.Equal(got, says) {
		t.Errorf("says %q, want %q", got, says)
	}
}

func TestText(t *testing.T) {
	for _, test := range []struct {
		octets string
		want   []Run
	}{
		{"", nil},
		{"tim", []Run{{Plain, "tim"}}},
		{"\x00\x00a", []Run{{Control, "␀"}, {Control, "␀"}, {Plain, "a"}}},
		{"пароль", []Run{{Plain, "пароль"}}},
		{"a\x7f", []Run{{Plain, "a"}, {Control, "␡"}}},
		{"a\u200bb", []Run{{Plain, "a"}, {Control, "U+200B"}, {Plain, "b"}}},
		{"tim\xff", []Run{{Hex, "74696dff"}}},
	} {
		if got := Text([]byte(test.octets)); !slices.Equal(got, test.want) {
			t.Errorf("Text(%q) = %q, want %q", test.octets, got, test.want)
		}
	}
	if got := ControlName("␀") + ControlName("␟") + ControlName("␡") + ControlName("a") + ControlName("U+200B"); got != "NULUSDEL" {
		t.Errorf("names of controls: %q", got)
	}
}

// Phases follow each other without gaps, and one may come again.
func TestPhases(t *testing.T) {
	names := func(s *Story) (names string) {
		at := 0
		for _, p := range s.Phases {
			if p.First != at || p.Last < p.First {
				t.Errorf("%v begins at %d, want %d", p, p.First, at)
			}
			at = p.Last + 1
			names += strings.TrimPrefix(string(p.Name), "phase.") + " "
		}
		if at != len(s.Entries) {
			t.Errorf("phases end at %d of %d", at, len(s.Entries))
		}
		return names
	}
	for _, test := range []struct{ id, want string }{
		{"cram-md5", "greeting ehlo tls ehlo-again auth mail quit "},
		{"plain-implicit", "tls greeting ehlo auth mail quit "},
		{"relay", "greeting ehlo tls ehlo-again mail auth mail quit "},
		{"login-clear", "greeting ehlo auth mail quit "},
	} {
		if got := names(tell(t, test.id)); got != test.want {
			t.Errorf("%s: %q, want %q", test.id, got, test.want)
		}
	}
}

func TestNextAndLanes(t *testing.T) {
	s := tell(t, scenario.Default)
	for _, test := range []struct {
		at             int
		next           Words
		client, server ID
	}{
		{0, say("ui.next.command", "verb", "EHLO"), "client.phase.greeting", "server.phase.greeted"},
		{1, say("ui.next.reply"), "client.phase.ehlo", "server.phase.greeted"},
		{4, say("ui.next.handshake"), "client.phase.starttls", "server.phase.handshake"},
		{8, say("ui.next.challenge"), "client.phase.auth", "server.phase.ready"},
		{9, say("ui.next.response"), "client.phase.auth", "server.phase.exchange"},
		{10, say("ui.next.check"), "client.phase.auth", "server.phase.exchange"},
		{18, say("ui.next.body"), "client.phase.data", "server.phase.data"},
		{22, say("ui.next.end", "who", ID("ui.client")), "client.phase.quit", "server.phase.closed"},
		{23, say("ui.next.none"), "client.phase.closed", "server.phase.closed"},
	} {
		client, server := s.Lanes(test.at)
		if got := s.Next(test.at); fmt.Sprint(got) != fmt.Sprint(test.next) || client != test.client || server != test.server {
			t.Errorf("after %d: %v, %s, %s, want %v, %s, %s", test.at, got, client, server, test.next, test.client, test.server)
		}
	}
}

// What is heard of a step says who, and what, without reading base64 out.
func TestLive(t *testing.T) {
	s := tell(t, scenario.Default)
	for _, test := range []struct {
		at   int
		want Words
	}{
		{0, say("ui.live.line", "n", 1, "total", 24, "who", ID("ui.server"), "text", "220 mail.example.org ESMTP ready")},
		{5, say("ui.live.tls", "n", 6, "total", 24, "who", ID("ui.client"), "version", "TLS 1.3")},
		{9, say("ui.live.says", "n", 10, "total", 24, "who", ID("ui.server"), "text", "334",
			"says", "<1896.697170952@postoffice.reston.mci.net>")},
		{10, say("ui.live.answers", "n", 11, "total", 24, "who", ID("ui.client"), "says", "tim b913a602c7eda7a495b4e6e7334d3890")},
		{11, say("ui.live.equal", "n", 12, "total", 24, "who", ID("ui.server"))},
		{23, say("ui.live.end", "n", 24, "total", 24, "who", ID("ui.client"))},
	} {
		if got := s.Live(test.at); fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("Live(%d) = %q, want %q", test.at, got, test.want)
		}
	}
}

// A check that compared nothing says so, and one that failed for another reason
// shows no two values that are equal.
func TestChecksWithoutAPair(t *testing.T) {
	for _, test := range []struct {
		id     string
		at     int
		holds  bool
		reason ID
		live   string
	}{
		{"anonymous", 9, true, "", "ui.live.accepted"},
		{"external", 9, true, "", "ui.live.accepted"},
		{"xoauth2-expired", 11, false, "reason.expired", "ui.live.different"},
		{"oauth-foreign", 11, false, "reason.bad-signature", "ui.live.different"},
	} {
		s := tell(t, test.id)
		c := s.Entries[test.at].Check
		if c == nil || c.Holds != test.holds || c.Reason != test.reason || c.Pair != nil || s.Live(test.at).ID != test.live {
			t.Errorf("%s: %+v, %q", test.id, c, s.Live(test.at).ID)
		}
	}
}

// The rule that decided, and how: followed, refused by, departed from.
func TestRules(t *testing.T) {
	for _, test := range []struct {
		id   string
		at   int
		want Rule
	}{
		{"cram-md5", 0, Rule{"REP-09", "rule.REP-09", "RFC 5321 §3.1", "https://www.rfc-editor.org/rfc/rfc5321#section-3.1", "ui.rule.followed"}},
		{"cram-md5", 10, Rule{"CRM-03", "rule.CRM-03", "RFC 2195 §2", "https://www.rfc-editor.org/rfc/rfc2195#section-2", "ui.rule.followed"}},
		{"unknown-mechanism", 8, Rule{"AUTH-39", "rule.AUTH-39", "RFC 4954 §4", "https://www.rfc-editor.org/rfc/rfc4954#section-4", "ui.rule.departed"}},
		{"unknown-mechanism", 9, Rule{"AUTH-09", "rule.AUTH-09", "RFC 4954 §4", "https://www.rfc-editor.org/rfc/rfc4954#section-4", "ui.rule.refused"}},
		{"wrong-password", 11, Rule{"AUTH-27", "rule.AUTH-27", "RFC 4954 §4", "https://www.rfc-editor.org/rfc/rfc4954#section-4", "ui.rule.refused"}},
		{"mox-v0.0.11", 5, Rule{"LOG-03", "rule.LOG-03", "LOGIN draft §2.1", "", "ui.rule.refused"}},
		{"cram-md5", 23, Rule{}},
	} {
		s := tell(t, test.id)
		if got := rule(&s.frames[test.at]); got != test.want {
			t.Errorf("%s, frame %d: %+v, want %+v", test.id, test.at, got, test.want)
		}
	}
}

// A password that crosses in clear text is exposed; one that does not, is not.
func TestExposed(t *testing.T) {
	for _, test := range []struct {
		id   string
		want []int
	}{{"login-clear", []int{7}}, {"plain", nil}, {"cram-md5", nil}} {
		var got []int
		for _, e := range tell(t, test.id).Entries {
			if e.Exposed {
				got = append(got, e.Index)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: exposed in %v, want %v", test.id, got, test.want)
		}
	}
}

// Told twice, a session is the same story; what is shown holds nothing of the
// session itself.
func TestTellingTwice(t *testing.T) {
	frames, _ := ranFrames(t, scenario.Default)
	a, b := Tell(frames), Tell(frames)
	for i := range frames {
		one, _ := json.Marshal([]any{a.Entries[i], a.Look(i), a.Next(i)})
		two, _ := json.Marshal([]any{b.Entries[i], b.Look(i), b.Next(i)})
		if string(one) != string(two) {
			t.Errorf("frame %d: %s\n%s", i, one, two)
		}
	}
}

func TestDump(t *testing.T) {
	want := []DumpRow{{"000", "32 32 30 20 00 ff 0d 0a", "220 ...."}, {"008", "7e", "~"}}
	if got := Dump([]byte("220 \x00\xff\r\n~")); !slices.Equal(got, want) {
		t.Errorf("Dump = %q, want %q", got, want)
	}
	if got := Dump(nil); got != nil {
		t.Errorf("Dump of nothing = %q", got)
	}
}

// Changing a slot changes what the slot shows.
func TestSlots(t *testing.T) {
	for _, test := range []struct {
		slot  Slot
		value string
	}{{User, "ursel"}, {Password, "x y␀"}, {Port, "relay"}, {Port, "submissions"}, {Mechanism, "LOGIN"}, {Mechanism, "FOOBAR"}, {Protection, "none"}, {Protection, "implicit"}} {
		sc, _ := scenario.ByID(scenario.Default)
		setup := sc.Setup()
		Change(&setup, test.slot, test.value)
		v := Slots(setup)
		got := map[Slot]string{User: v.User, Password: v.Password, Port: chosen(v.Port), Mechanism: chosen(v.Mechanism), Protection: chosen(v.Protection)}[test.slot]
		if got != test.value {
			t.Errorf("%s = %q, want %q", test.slot, got, test.value)
		}
	}
}

func chosen(choices []Choice) (value string) {
	for _, c := range choices {
		if c.Chosen {
			value += c.Value
		}
	}
	return value
}

// Frames that come from elsewhere, with next to nothing in them, are shown too.
func TestBareFrames(t *testing.T) {
	for _, f := range []session.Frame{
		{Kind: session.Line, Side: session.Server, Octets: []byte("220")},
		{Kind: session.Line, Side: session.Client, Octets: []byte("\xff\r\n\r\nEHLO")},
		{Kind: session.Line, Side: session.Client, Octets: []byte("AUTH"), Base64: &machine.Base64{Offset: 3, Length: 99}},
		{Kind: session.Check, Side: session.Server}, {Kind: session.Handshake}, {Kind: session.End}, {Kind: session.Meddled}, {},
	} {
		s := Tell([]session.Frame{f})
		if e := s.Entries[0]; e.Kind != f.Kind || e.Side != f.Side {
			t.Errorf("%v shown as %v", f, e)
		}
		if look := s.Look(0); look.Len != 1 || s.Next(0).ID != "ui.next.none" || s.Live(0).ID == "" {
			t.Errorf("%v looks like %v", f, look)
		}
	}
	if tail := tail(nil); tail != 0 {
		t.Errorf("tail of nothing = %d", tail)
	}
	if p := comparison(&trace.Step{In: make([]trace.Value, 2)}); len(p.Rows) != 0 {
		t.Errorf("comparison of nothing = %v", p)
	}
}

// CRM-07: of a password that is compared in two forms, the verdict and the cards
// show the one that fitted.
func TestVerdictOfTheFormThatFits(t *testing.T) {
	for raw, want := range map[bool]ID{true: "label.digest-check-raw", false: "label.digest-check"} {
		s := tell(t, scenario.Default, func(s *session.Setup) {
			s.Client.User.Password.Text, s.Server.Accounts[0].Password.Text = "pa²ss", "pa²ss"
			if raw {
				s.Client.Quirks = quirk.Set{quirk.Unprepared}
			}
		})
		at := slices.IndexFunc(s.Entries, func(e Entry) bool { return e.Check != nil })
		if v := s.Entries[at].Check; !v.Holds || v.Pair == nil || v.Pair.Check != want || !v.Pair.Holds {
			t.Errorf("unprepared %v: %+v", raw, v)
		}
		cards := s.Cards(at)
		if c := cards[Opens(cards)-1]; c.Inside.Pair == nil || c.Inside.Pair.Check != want {
			t.Errorf("unprepared %v: opens %+v", raw, c.Title)
		}
	}
}
