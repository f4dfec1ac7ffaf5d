"""Speed and memory as ratios: each figure stands beside a floor that was measured in the same run, on the same machine."""
