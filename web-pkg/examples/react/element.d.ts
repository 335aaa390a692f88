import type { LeewayBooking } from "leeway/element";
import type { DetailedHTMLProps, HTMLAttributes } from "react";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "leeway-booking": DetailedHTMLProps<HTMLAttributes<LeewayBooking>, LeewayBooking> & { src: string };
    }
  }
}
