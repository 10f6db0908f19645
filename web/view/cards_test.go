package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

const digest = "b913a602c7eda7a495b4e6e7334d3890" // RFC 2195 §2

// cardLine is a card in a line: "5 hash inner-hash 328f9bd7…".
func cardLine(c Card) string {
	labels := []string{}
	for _, id := range c.Title.Args[1].([]ID) {
		labels = append(labels, strings.TrimPrefix(string(id), "label."))
	}
	return fmt.Sprintf("%d %s %s %s%s", c.Number, c.Op, strings.Join(labels, "+"), join(c.Value), c.Result)
}

// How the CRAM-MD5 response of RFC 2195 was made, and how it was checked.
func TestCardsOfCRAMMD5(t *testing.T) {
	s := tell(t, scenario.Default)
	for _, test := range []struct {
		at   int
		want []string
	}{
		{0, nil},
		{9, []string{"1 base64 challenge-base64 PDE4OTYuNjk3MTcwOTUyQHBvc…"}},
		{10, []string{
			"1 unbase64 challenge <1896.697170952@postoffic…",
			"2 hmac digest b913a602c7eda7a495b4e6e73…",
			"3 key-block key-block tanstaaftanstaaf + 48 × 00",
			"4 xor inner-pad 4257584542575750425758454…",
			"5 xor outer-pad 283d322f283d3d3a283d322f2…",
			"6 hash inner-hash 328f9bd73494a1c04a60bc242…",
			"7 hash outer-hash b913a602c7eda7a495b4e6e73…",
			"8 hex digest-hex b913a602c7eda7a495b4e6e73…",
			"9 concat response tim b913a602c7eda7a495b4e…",
			"10 base64 response-base64 dGltIGI5MTNhNjAyYzdlZGE3Y…",
		}},
		{11, []string{
			"1 unbase64 response tim b913a602c7eda7a495b4e…",
			"2 cut authcid+sent-digest tim · b913a602c7eda7a495b…",
			"3 saslprep authcid-prepared tim",
			"4 hmac digest b913a602c7eda7a495b4e6e73…",
			"5 key-block key-block tanstaaftanstaaf + 48 × 00",
			"6 xor inner-pad 4257584542575750425758454…",
			"7 xor outer-pad 283d322f283d3d3a283d322f2…",
			"8 hash inner-hash 328f9bd73494a1c04a60bc242…",
			"9 hash outer-hash b913a602c7eda7a495b4e6e73…",
			"10 hex digest-hex b913a602c7eda7a495b4e6e73…",
			"11 compare digest-check ui.check.equal",
		}},
	} {
		var got []string
		for _, c := range s.Cards(test.at) {
			got = append(got, cardLine(c))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("cards of %d:\n%s\nwant\n%s", test.at, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
	}
}

// Which card lies open before the reader has chosen.
func TestOpens(t *testing.T) {
	for _, test := range []struct {
		scenario string
		at       int
		want     trace.Op
	}{
		{scenario.Default, 10, trace.Unbase64},
		{scenario.Default, 11, trace.Compare},
		{"scram-sha-256", 12, trace.PBKDF2},
		{"ntlm", 10, trace.Fields},
	} {
		cards := tell(t, test.scenario).Cards(test.at)
		if n := Opens(cards); n == 0 || cards[n-1].Op != test.want {
			t.Errorf("%s: card %d of step %d lies open, want that of %s", test.scenario, n, test.at, test.want)
		}
	}
	if Opens(nil) != 0 {
		t.Error("a card lies open where there is none")
	}
}

// What a check of a signature found.
func TestCardsOfASignature(t *testing.T) {
	for id, want := range map[string]ID{"oauthbearer": "ui.check.valid", "oauth-foreign": "ui.check.invalid"} {
		n := 0
		for _, c := range tell(t, id).Cards(11) {
			if c.Op != trace.Verify {
				continue
			}
			if n++; c.Result != want || len(c.Value) != 0 || len(c.Whole) != 0 {
				t.Errorf("%s: %q, %v, %v", id, c.Result, c.Value, c.Whole)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d signatures checked", id, n)
		}
	}
}

// What is inside the cards of the response.
func TestInsideOfCRAMMD5(t *testing.T) {
	cards := tell(t, scenario.Default).Cards(10)
	inside := func(n int) Inside { return cards[n-1].Inside }

	g := inside(1).Spelling.First
	if got := fmt.Sprintln(g.Octets, g.Bits, g.Sextets, g.Letters); got != "[{3c < 0} {31 1 0} {38 8 0}] 001111000011000100111000 [15 3 4 56] [P D E 4]\n" {
		t.Errorf("first group: %s", got)
	}
	if n := len(inside(1).Spelling.Groups); n != 10 || inside(1).Spelling.Total != 14 {
		t.Errorf("%d groups of %d, want 10 of 14", n, inside(1).Spelling.Total)
	}
	if got := inside(2).Formula; got != "MD5(K ⊕ opad ‖ MD5(K ⊕ ipad ‖ text))" {
		t.Errorf("formula = %q", got)
	}
	cells := func(g *Grid) (s string) {
		for _, c := range g.Cells {
			s += c.Hex
		}
		return s + " " + g.Tail
	}
	for _, test := range []struct {
		card int
		want string
	}{
		{3, "74616e737461616674616e7374616166 48 × 00"},
		{4, "42575845425757504257584542575750 48 × 36"},
		{5, "283d322f283d3d3a283d322f283d3d3a 48 × 5c"},
	} {
		if got := cells(inside(test.card).Grid); got != test.want {
			t.Errorf("grid of card %d = %q, want %q", test.card, got, test.want)
		}
	}
	if got := inside(3).Grid.Cells[0].Top; got != "t" {
		t.Errorf("above the first octet stands %q", got)
	}
	if got := inside(4).Bits.Rows; got != [3]string{"01110100", "00110110", "01000010"} {
		t.Errorf("bits = %v", got)
	}
	h := inside(6).Hashed
	for i, want := range []string{"label.inner-pad 64", "label.challenge 42", "label.padding 22"} {
		if got := fmt.Sprint(h.Parts[i].Name.Label, " ", h.Parts[i].Octets); got != want {
			t.Errorf("inner hash of %s, want %s", got, want)
		}
	}
	if got := fmt.Sprint(h.Octets, h.Size, h.Total, len(h.Parts), len(h.Blocks)); got != "128 64 2 3 2" {
		t.Errorf("inner hash: %s", got)
	}
	last := h.Blocks[1]
	if last.Before != h.Blocks[0].After || last.After != "328f9bd73494a1c04a60bc24213a8e36" ||
		fmt.Sprint(last.Legend) != "[label.challenge label.padding]" || last.Grid.Cells[41].Of != 1 || last.Grid.Cells[42].Of != 2 {
		t.Errorf("last block = %+v", last)
	}
	var parts []string
	for _, p := range inside(9).Parts {
		parts = append(parts, string(p.Name.Label)+p.Name.Text+":"+join(p.Value))
	}
	if got := strings.Join(parts, " "); got != "label.authcid-prepared:tim ␣:␣ label.digest-hex:"+digest {
		t.Errorf("parts of the response: %s", got)
	}
	if got := join(cards[7].Whole); got != digest {
		t.Errorf("digest = %q", got)
	}
}

// Each operand says where it came from, and who knows it.
func TestOperands(t *testing.T) {
	s := tell(t, scenario.Default)
	operands := func(at, card int) (all []string) {
		for _, o := range s.Cards(at)[card-1].From {
			how := ""
			for _, w := range o.How {
				how += " " + strings.TrimPrefix(w.ID, "ui.how.")
				if len(w.Args) > 0 {
					how += fmt.Sprint(w.Args[1])
				}
			}
			all = append(all, fmt.Sprintf("%s%s%s %q%s %v", o.Symbol, o.Name.Label, o.Name.Text, join(o.Value), how, len(o.Known)))
		}
		return all
	}
	for _, test := range []struct {
		at, card int
		want     []string
	}{
		{10, 1, []string{`label.challenge-base64 "PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+" received 2`}},
		{10, 2, []string{`Klabel.password-prepared "tanstaaftanstaaf" saslprep given 1`,
			`textlabel.challenge "<1896.697170952@postoffice.reston.mci.net>" card1 2`}},
		{10, 4, []string{`label.key-block "tanstaaftanstaaf + 48 × 00" card3 1`, `64 × 36 "64 × 36" 0`}},
		{11, 4, []string{`Klabel.stored-password "tanstaaftanstaaf" given 3`,
			`textlabel.challenge "<1896.697170952@postoffice.reston.mci.net>" step10 2`}},
		{11, 11, []string{fmt.Sprintf(`label.sent-digest %q card2 2`, digest), fmt.Sprintf(`label.digest-hex %q card10 2`, digest)}},
	} {
		if got := operands(test.at, test.card); !slices.Equal(got, test.want) {
			t.Errorf("frame %d, card %d: %q, want %q", test.at, test.card, got, test.want)
		}
	}
}

// 535: the digests stand above each other, and the letters that differ are
// marked, each in its place.
func TestDifferentDigests(t *testing.T) {
	v := tell(t, "wrong-password").Entries[11].Check
	if v.Holds || v.Reason != "reason.wrong-password" || len(v.Pair.Rows) != 1 {
		t.Fatalf("check = %+v", v)
	}
	sent, computed := "11a0629a1781c315d6958ce9000a2eeb", digest
	for i, want := range []string{sent, computed} {
		text, at := "", 0
		for _, m := range v.Pair.Rows[0][i] {
			text += m.Text
			for range m.Text {
				if differs := sent[at] != computed[at]; differs != m.Differs {
					t.Errorf("letter %d of %s: marked %v, differs %v", at, want, m.Differs, differs)
				}
				at++
			}
		}
		if text != want {
			t.Errorf("row %d = %q, want %q", i, text, want)
		}
	}
}

func TestMarks(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want []Mark
	}{
		{"", "x", nil},
		{"tim", "tim", []Mark{{"tim", false}}},
		{"tim", "tom", []Mark{{"t", false}, {"i", true}, {"m", false}}},
		{"timo", "tim", []Mark{{"tim", false}, {"o", true}}},
	} {
		if got := marks(runes([]byte(test.a)), runes([]byte(test.b))); !slices.Equal(got, test.want) {
			t.Errorf("marks(%q, %q) = %v, want %v", test.a, test.b, got, test.want)
		}
	}
}

// What PLAIN's server cuts out, NUL between, and PBKDF2 with its rounds.
func TestCardsOfPLAIN(t *testing.T) {
	s := tell(t, "plain-initial")
	cards := s.Cards(9)
	at := slices.IndexFunc(cards, func(c Card) bool { return c.Op == trace.Cut })
	var parts []string
	for _, p := range cards[at].Inside.Parts {
		parts = append(parts, fmt.Sprintf("%s %q %v", p.Name.Label, join(p.Value), p.Kept))
	}
	want := []string{`label.authzid "" true`, ` "␀" false`, `label.authcid "tim" true`, ` "␀" false`, `label.passwd "tanstaaftanstaaf" true`}
	if !slices.Equal(parts, want) {
		t.Errorf("cut into %q, want %q", parts, want)
	}
	at = slices.IndexFunc(cards, func(c Card) bool { return c.Op == trace.PBKDF2 })
	var rounds []int
	for _, r := range cards[at].Inside.Rounds {
		rounds = append(rounds, r.N)
		if len(r.U) != 64 || len(r.T) != 64 {
			t.Errorf("round %d: %q, %q", r.N, r.U, r.T)
		}
	}
	if !slices.Equal(rounds, []int{1, 2, 4096}) {
		t.Errorf("rounds %v, want 1, 2 and 4096", rounds)
	}
	if whole := join(cards[at].Whole); whole != cards[at].Inside.Rounds[2].T {
		t.Errorf("PBKDF2 gives %s, but the last T is %s", whole, cards[at].Inside.Rounds[2].T)
	}
}

// Nothing is lost by merging: every value of every step stands on a card, as
// its result or as what went in.
func TestEveryValueIsOnACard(t *testing.T) {
	seen := 0
	for _, sc := range scenario.All {
		s := tell(t, sc.ID)
		for at := range s.frames {
			cards := s.Cards(at)
			for _, step := range flatten(nil, s.frames[at].Steps()) {
				seen++
				if step.Op != trace.Compare && !slices.ContainsFunc(cards, func(c Card) bool { return shows(c, step) }) {
					t.Errorf("%s, frame %d: %s %s %q stands on no card", sc.ID, at, step.Op, step.Label, step.Out.Octets)
				}
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d steps", seen)
	}
}

func shows(c Card, step trace.Step) bool {
	if c.made(step.ID) {
		return true
	}
	value := join(Value(step.Op, step.Out.Octets))
	return join(c.Whole) == value || slices.ContainsFunc(c.From, func(o Operand) bool { return join(o.Value) == value })
}

// A name is not guessed from equal octets: the client's own password and the
// stored one are named apart.
func TestNames(t *testing.T) {
	s := tell(t, scenario.Default)
	client, server := s.Cards(10)[1].From[0].Name, s.Cards(11)[3].From[0].Name
	if client.Label != "label.password-prepared" || server.Label != "label.stored-password" {
		t.Errorf("keys are named %v and %v", client, server)
	}
}

// Numbers of frames are those of the frame that a value was made in.
func TestMade(t *testing.T) {
	s := tell(t, scenario.Default)
	for at := range s.frames {
		for side, steps := range map[session.Side][]trace.Step{session.Client: clientSteps(s, at), session.Server: serverSteps(s, at)} {
			for _, step := range steps {
				if got := s.made(side, step.ID); got != at {
					t.Errorf("step %d of the %s was made in %d, not in %d", step.ID, side, at, got)
				}
			}
		}
	}
}

func clientSteps(s *Story, at int) (all []trace.Step) {
	for _, e := range s.frames[at].Client {
		all = append(all, e.Trace...)
	}
	return all
}

func serverSteps(s *Story, at int) (all []trace.Step) {
	for _, e := range s.frames[at].Server {
		all = append(all, e.Trace...)
	}
	return all
}

// What was cut out is shown by its place, in every scenario: each octet once,
// none left out, and every name (RFC 2831 §7.1: a client reads nonce before
// realm, whatever order they come in).
func TestCutsByPlace(t *testing.T) {
	looked := 0
	for _, sc := range scenario.All {
		s := tell(t, sc.ID)
		for at := range s.frames {
			for _, c := range s.Cards(at) {
				if c.Op != trace.Cut {
					continue
				}
				looked++
				text, octets, names := "", 0, map[ID]bool{}
				for _, p := range c.Inside.Parts {
					text += join(p.Value)
					octets += p.Octets
					names[p.Name.Label] = true
				}
				whole := c.step.In[0].Octets
				if octets != len(whole) || utf8.Valid(whole) && text != join(Text(whole)) {
					t.Errorf("%s, frame %d: %q of %q, %d octets of %d", sc.ID, at, text, whole, octets, len(whole))
				}
				for _, cut := range c.cuts {
					if !names[label(cut.Label)] {
						t.Errorf("%s, frame %d: %s is left out", sc.ID, at, cut.Label)
					}
				}
			}
		}
	}
	if looked < 100 {
		t.Errorf("only %d cards cut", looked)
	}
	for _, c := range tell(t, "digest-md5").Cards(10) {
		if c.Op != trace.Cut {
			continue
		}
		var all []string
		for _, p := range c.Inside.Parts {
			all = append(all, strings.TrimPrefix(string(p.Name.Label), "label.")+"="+join(p.Value))
		}
		got := strings.Join(all, "|")
		if want := `=realm="|realm=elwood.innosoft.com|=",nonce="|server-nonce=OA6MG9tEQGm2hh|=",qop="auth",algorithm=md5-sess,charset=utf-8`; got != want {
			t.Errorf("%s\nwant\n%s", got, want)
		}
	}
}

// What does not print is shown as its name or in digits, whatever the fonts; and
// what everybody knows is not said to be known to a thief of the store.
func TestNothingIsTofu(t *testing.T) {
	pictures := func(text string) bool {
		return strings.ContainsFunc(text, func(r rune) bool { return r >= 0x2400 && r <= 0x2421 })
	}
	constants := map[string]bool{}
	for _, sc := range scenario.All {
		s := tell(t, sc.ID)
		for at := range s.frames {
			for _, c := range s.Cards(at) {
				names, values := []Name{}, [][]Run{c.Value, c.Whole}
				for _, o := range c.From {
					names, values = append(names, o.Name), append(values, o.Value)
					if o.Name.Text != "" {
						constants[o.Name.Text] = true
					}
				}
				for _, p := range c.Inside.Parts {
					names, values = append(names, p.Name), append(values, p.Value)
				}
				if h := c.Inside.Hashed; h != nil {
					for _, p := range h.Parts {
						names = append(names, p.Name)
					}
				}
				if p := c.Inside.Pair; p != nil {
					names = append(names, p.Names[:]...)
				}
				for _, n := range names {
					if pictures(n.Text) {
						t.Errorf("%s, frame %d: %q is a name", sc.ID, at, n.Text)
					}
				}
				for _, r := range slices.Concat(values...) {
					if r.Kind != Control && pictures(r.Text) {
						t.Errorf("%s, frame %d: %q is shown as %q", sc.ID, at, r.Text, r.Kind)
					}
				}
				if n := len(c.Known); slices.Contains(c.Known, "ui.known.everybody") && n > 1 || n == 4 && !s.legs {
					t.Errorf("%s, frame %d: known to %v", sc.ID, at, c.Known)
				}
			}
		}
	}
	for _, want := range []string{"NUL", "␣", "0000000b55", "NTLMSSP\\NUL"} {
		if !constants[want] {
			t.Errorf("no constant is shown as %q", want)
		}
	}
}

// OAUTHBEARER's message is text with kvsep between its parts (RFC 7628 §3.1).
func TestBearerMessageIsRead(t *testing.T) {
	for _, c := range tell(t, "oauthbearer").Cards(10) {
		if c.step.Label != "token-message" {
			continue
		}
		if text := join(c.Whole); !strings.HasPrefix(text, "n,,␁host=mail.example.org␁auth=Bearer ") || c.Whole[1].Kind != Control {
			t.Errorf("it is shown as %.60q", text)
		}
		return
	}
	t.Error("there is no such card")
}
