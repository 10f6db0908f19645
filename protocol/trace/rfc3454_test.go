package trace

import (
	"testing"
	"unicode/utf8"

	"github.com/xdg-go/stringprep"
)

// Each table holds the code points that xdg-go/stringprep has, but for the
// surrogates and the one row of B.1 that the library lacks (U+1806).
func TestTablesOfRFC3454(t *testing.T) {
	set := func(sets ...stringprep.Set) map[rune]bool {
		all := map[rune]bool{}
		for _, s := range sets {
			for _, bounds := range s {
				for r := bounds[0]; r <= bounds[1]; r++ {
					if utf8.ValidRune(r) {
						all[r] = true
					}
				}
			}
		}
		return all
	}
	nothing := map[rune]bool{0x1806: true}
	for r := range stringprep.TableB1 {
		nothing[r] = true
	}
	tests := []struct {
		name string
		got  table
		want map[rune]bool
	}{
		{"A.1", unassigned, set(stringprep.TableA1)},
		{"B.1", mappedToNothing, nothing},
		{"C.1.2", spaces, set(stringprep.TableC1_2)},
		{"C.2.1 to C.9", prohibited, set(stringprep.TableC2_1, stringprep.TableC2_2, stringprep.TableC3, stringprep.TableC4,
			stringprep.TableC5, stringprep.TableC6, stringprep.TableC7, stringprep.TableC8, stringprep.TableC9)},
		{"D.1", rightToLeft, set(stringprep.TableD1)},
		{"D.2", leftToRight, set(stringprep.TableD2)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bounds, found := []rune(tt.got), 0
			if len(bounds) == 0 || len(bounds)%2 != 0 {
				t.Fatalf("%d bounds", len(bounds))
			}
			for i := 0; i < len(bounds); i += 2 {
				if bounds[i] > bounds[i+1] || i > 0 && bounds[i] <= bounds[i-1] {
					t.Fatalf("%U to %U is out of order", bounds[i], bounds[i+1])
				}
				for r := bounds[i]; r <= bounds[i+1]; r++ {
					if found++; !tt.want[r] {
						t.Errorf("%U should not be there", r)
					}
				}
				for _, r := range []rune{bounds[i], bounds[i+1], bounds[i] - 1, bounds[i+1] + 1} {
					if tt.got.has(r) != tt.want[r] {
						t.Errorf("has(%U) = %v", r, !tt.want[r])
					}
				}
			}
			if found != len(tt.want) {
				t.Errorf("%d code points, want %d", found, len(tt.want))
			}
		})
	}
}
