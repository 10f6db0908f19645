package slim

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

// A segment is octets at an address.
type segment struct {
	at     int32
	octets string
}

// held is a module with one page of memory and those segments.
func held(segments ...segment) []section {
	octets := binary.AppendUvarint(nil, uint64(len(segments)))
	for _, s := range segments {
		octets = append(appendSigned(append(octets, 0, constant), s.at), end)
		octets = appendVector(octets, []byte(s.octets))
	}
	return []section{{memorySection, []byte("\x01\x00\x01")}, {dataSection, octets}}
}

// However a memory is cut, it holds the same.
func TestSegments(t *testing.T) {
	zeros := func(n int) string { return strings.Repeat("\x00", n) }
	for _, test := range []struct {
		name     string
		segments []segment
		want     []segment
	}{
		{"nothing", nil, nil},
		{"zeros", []segment{{8, zeros(200)}}, nil},
		{"at the first address", []segment{{0, "a"}}, []segment{{0, "a"}}},
		{"at the last", []segment{{pageSize - 1, "a"}}, []segment{{pageSize - 1, "a"}}},
		{"zeros before and behind", []segment{{0x3f, zeros(70) + "ab" + zeros(70)}}, []segment{{0x3f + 70, "ab"}}},
		{"side by side", []segment{{0x40, "a"}, {0x41, "b"}}, []segment{{0x40, "ab"}}},
		{"the latter over the former", []segment{{100, "abcd"}, {102, "\x00x"}, {101, "y"}}, []segment{{100, "ay\x00x"}}},
		{"the latter before the former", []segment{{0x2000, "b"}, {0x1fff, "a"}}, []segment{{0x1fff, "ab"}}},
		{"few zeros between", []segment{{1, "a"}, {1 + gap, "b"}}, []segment{{1, "a" + zeros(gap-1) + "b"}}},
		{"many zeros between", []segment{{1, "a"}, {2 + gap, "b"}}, []segment{{1, "a"}, {2 + gap, "b"}}},
		{"many zeros within", []segment{{1, "a" + zeros(gap) + "b"}}, []segment{{1, "a"}, {2 + gap, "b"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			image, err := memory(held(test.segments...))
			if err != nil {
				t.Fatal(err)
			}
			want := held(test.want...)
			if got := data(image); !bytes.Equal(got, want[1].octets) {
				t.Errorf("% x, want % x", got, want[1].octets)
			}
			again, err := memory(want)
			if err != nil || !bytes.Equal(bytes.TrimRight(image, "\x00"), bytes.TrimRight(again, "\x00")) {
				t.Errorf("% x has become % x, %v", image, again, err)
			}
		})
	}
}

// Modules that Go does not link are refused.
func TestModules(t *testing.T) {
	made := newMade().octets()
	producers := section{customSection, appendVector(nil, []byte("producers"))}
	with := func(sections ...section) []byte {
		return append(bytes.Clone(made), module(sections...)[len(header):]...)
	}
	without := func(id byte) []byte {
		sections, err := parse(made)
		if err != nil {
			t.Fatal(err)
		}
		var kept []section
		for _, s := range sections {
			if s.id != id {
				kept = append(kept, s)
			}
		}
		return module(kept...)
	}
	for _, test := range []struct {
		name   string
		module []byte
		want   string
	}{
		{"nothing", nil, "not a WebAssembly module"},
		{"a page", []byte("<!doctype html>"), "not a WebAssembly module"},
		{"another version", []byte("\x00asm\x02\x00\x00\x00"), "not a WebAssembly module of version 1"},
		{"an empty one", header, "does not say which Go"},
		{"cut in a section", made[:len(made)-1], "section 6: it ends too early"},
		{"a section's length is missing", append(bytes.Clone(made), 0), "section 7: it ends too early"},
		{"a section's length is a large number", append(bytes.Clone(made), 0, 0xff, 0xff, 0xff, 0xff, 0x7f), "section 7: a number has more than 32 bits"},
		{"a section's length has no end", append(bytes.Clone(made), bytes.Repeat([]byte{0xff}, 12)...), "section 7: a number has more than 32 bits"},
		{"another language", module(section{customSection, append(producers.octets, "\x01\x08language\x01\x04Rust\x031.0"...)}), `written in "Rust"`},
		{"producers that are cut", module(section{customSection, append(producers.octets, "\x01\x08lang"...)}), "section of producers: it ends too early"},
		{"without memory", without(memorySection), "in a memory of 0x0 octets"},
		{"two memories", with(section{memorySection, []byte("\x02\x00\x01\x00\x01")}), "not just one memory"},
		{"a passive segment", with(section{dataSection, []byte("\x01\x01\x01a")}), "data segment 0: it has no fixed address"},
		{"a computed address", with(section{dataSection, []byte("\x01\x00\x23\x00\x0b\x01a")}), "data segment 0: it has no fixed address"},
		{"a segment outside", with(section{dataSection, []byte("\x01\x00\x41\x7f\x0b\x01a")}), "data segment 0: it ends at 0x100000000, in a memory of 0x10000"},
		{"a segment that is cut", with(section{dataSection, []byte("\x01\x00\x41\x00\x0b\x02a")}), "data segment 0: it ends too early"},
		{"an address of more than 32 bits", with(section{dataSection, []byte("\x01\x00\x41\xff\xff\xff\xff\xff\x0b\x01a")}), "data segment 0"},
		{"without types", without(typeSection), "no function without parameters"},
		{"a start function", with(section{startSection, []byte{0}}), "a start function already"},
		{"an imported memory", with(section{importSection, []byte("\x01\x02js\x03mem\x02\x00\x01")}), "imports something else than functions"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Program(test.module); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}
